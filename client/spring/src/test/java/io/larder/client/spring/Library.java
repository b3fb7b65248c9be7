package io.larder.client.spring;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.CachePut;
import org.springframework.cache.annotation.Cacheable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A service with every kind of annotation; its origin is what a test makes it. */
class Library {
    record Book(String isbn, String title, List<String> authors) {}

    record Shelf(int number, String room) {}

    /** Where the books come from. */
    static final class Origin {
        final AtomicInteger calls = new AtomicInteger();
        volatile Function<String, Book> makes;

        Origin() {
            reset();
        }

        void reset() {
            calls.set(0);
            makes = isbn -> new Book(isbn, "Title " + isbn, List.of("A"));
        }
    }

    private final Origin origin = new Origin();

    Origin origin() {
        return origin;
    }

    private Book load(String isbn) {
        origin.calls.incrementAndGet();
        return origin.makes.apply(isbn);
    }

    @Cacheable("books")
    public Book book(String isbn) {
        return load(isbn);
    }

    @Cacheable(cacheNames = "books", sync = true)
    public Book single(String isbn) {
        return load(isbn);
    }

    @Cacheable(cacheNames = "books", unless = "#result.title.startsWith('Draft')")
    public Book published(String isbn) {
        return load(isbn);
    }

    @Cacheable(cacheNames = "books", condition = "#isbn.length() > 3")
    public Book long_(String isbn) {
        return load(isbn);
    }

    @Cacheable("books")
    public Optional<Book> find(String isbn) {
        return Optional.ofNullable(load(isbn));
    }

    @Cacheable("shelves")
    public Map<Shelf, Integer> countsAt(Shelf shelf, Long floor) {
        origin.calls.incrementAndGet();
        return Map.of();
    }

    @Cacheable("lists")
    public List<Object> mixed(Long id) {
        origin.calls.incrementAndGet();
        return List.of(id, "text", new Shelf(1, "A"), 1.5);
    }

    @CachePut(cacheNames = "books", key = "#book.isbn")
    public Book save(Book book) {
        return book;
    }

    @CacheEvict("books")
    public void forget(String isbn) {}

    @CacheEvict(cacheNames = "books", beforeInvocation = true)
    public void forgetFirst(String isbn) {
        throw new IllegalStateException("after");
    }

    @CacheEvict("books")
    public void forgetAfter(String isbn) {
        throw new IllegalStateException("before");
    }

    @CacheEvict(cacheNames = "books", allEntries = true)
    public void forgetAll() {}

    @Cacheable("books")
    public Mono<Book> mono(String isbn) {
        return Mono.fromSupplier(() -> load(isbn));
    }

    @Cacheable(cacheNames = "books", sync = true)
    public Mono<Book> singleMono(String isbn) {
        return Mono.fromSupplier(() -> load(isbn));
    }

    @Cacheable("lists")
    public Flux<Book> flux(String author) {
        return Flux.defer(() -> Flux.just(load(author + 1), load(author + 2)));
    }

    @Cacheable("books")
    public CompletableFuture<Book> future(String isbn) {
        return CompletableFuture.supplyAsync(() -> load(isbn));
    }

    @Cacheable(cacheNames = "books", sync = true)
    public CompletableFuture<Book> singleFuture(String isbn) {
        return CompletableFuture.supplyAsync(() -> load(isbn));
    }
}

package io.larder.client.jcache.hibernate;

import static org.assertj.core.api.Assertions.assertThat;

import io.larder.client.jcache.HibernateCodecs;
import io.larder.client.jcache.LarderCachingProvider;
import io.larder.client.jcache.hibernate.Book.Isbn;
import io.larder.client.junit.LarderExtension;
import java.math.BigDecimal;
import java.net.URI;
import java.time.LocalDate;
import java.util.List;
import java.util.Properties;
import java.util.function.Function;
import javax.cache.CacheManager;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.hibernate.stat.Statistics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Hibernate's second-level cache, of two programs with one database: two session factories, each
 * with a cache manager of its own.
 */
@Tag("slow")
@Timeout(60)
class HibernateTest {
    @RegisterExtension
    static final LarderExtension SERVER = LarderExtension.withSettings("store.memory=64m");

    private CacheManager oneManager;
    private CacheManager otherManager;
    private SessionFactory one;
    private SessionFactory other;

    @BeforeEach
    void open() {
        int port = SERVER.server().port();
        oneManager = manager("larder://127.0.0.1:" + port);
        otherManager = manager("larder://localhost:" + port);
        one = factory(oneManager, "create");
        other = factory(otherManager, "none");
        in(
                one,
                session -> {
                    Author author = new Author();
                    author.id = 1L;
                    author.name = "Ada";
                    author.kind = Author.Kind.POET;
                    author.born = LocalDate.of(1815, 12, 10);
                    for (String title : List.of("a", "b")) {
                        Book book = new Book();
                        book.isbn = new Isbn("a", title);
                        book.price = new BigDecimal("9.90");
                        book.author = author;
                        author.books.add(book);
                    }
                    session.persist(author);
                    return null;
                });
        one.getCache().evictAllRegions();
        one.getStatistics().clear();
        other.getStatistics().clear();
    }

    @AfterEach
    void close() {
        other.close();
        one.close();
        oneManager.close();
        otherManager.close();
    }

    private static CacheManager manager(String uri) {
        Properties properties = new Properties();
        properties.setProperty(LarderCachingProvider.CODECS, HibernateCodecs.class.getName());
        return new LarderCachingProvider().getCacheManager(URI.create(uri), null, properties);
    }

    private static SessionFactory factory(CacheManager manager, String schema) {
        Configuration configuration =
                new Configuration().addAnnotatedClass(Author.class).addAnnotatedClass(Book.class);
        Properties properties = configuration.getProperties();
        properties.put("hibernate.connection.url", "jdbc:h2:mem:library;DB_CLOSE_DELAY=-1");
        properties.put("hibernate.hbm2ddl.auto", schema);
        properties.put("hibernate.cache.region.factory_class", "jcache");
        properties.put("hibernate.javax.cache.cache_manager", manager);
        properties.put("hibernate.javax.cache.missing_cache_strategy", "create");
        properties.put("hibernate.cache.use_second_level_cache", "true");
        properties.put("hibernate.cache.use_query_cache", "true");
        properties.put("hibernate.generate_statistics", "true");
        return configuration.buildSessionFactory();
    }

    private static <T> T in(SessionFactory factory, Function<Session, T> work) {
        return factory.fromTransaction(work);
    }

    private static Author author(SessionFactory factory) {
        return in(factory, session -> session.find(Author.class, 1L));
    }

    @Test
    void entity_isReadFromTheCache_alsoByAnotherProgram() {
        author(one);
        Author again = author(one);
        Author elsewhere = author(other);

        assertThat(elsewhere)
                .returns("Ada", author -> author.name)
                .returns(Author.Kind.POET, author -> author.kind)
                .returns(LocalDate.of(1815, 12, 10), author -> author.born);
        assertThat(again.name).isEqualTo("Ada");
        assertThat(one.getStatistics())
                .returns(1L, Statistics::getSecondLevelCacheMissCount)
                .returns(1L, Statistics::getSecondLevelCacheHitCount);
        assertThat(other.getStatistics())
                .returns(1L, Statistics::getSecondLevelCacheHitCount)
                .returns(0L, Statistics::getPrepareStatementCount);
    }

    @Test
    void entityOfACompositeId_isReadFromTheCache_howeverItsIdWasMade() {
        in(one, session -> session.find(Book.class, new Isbn("a", "a")));
        Book found =
                in(
                        other,
                        session ->
                                session.find(
                                        Book.class, new Isbn(new String("a"), new String("a"))));

        assertThat(found.price).isEqualByComparingTo("9.90");
        assertThat(other.getStatistics().getSecondLevelCacheHitCount()).isPositive();
        assertThat(other.getStatistics().getPrepareStatementCount()).isZero();
    }

    @Test
    void collection_isReadFromTheCache() {
        in(one, session -> session.find(Author.class, 1L).books.size());
        in(one, session -> session.find(Book.class, new Isbn("a", "b")));
        one.getStatistics().clear();

        List<BigDecimal> prices =
                in(
                        other,
                        session ->
                                session.find(Author.class, 1L).books.stream()
                                        .map(book -> book.price)
                                        .toList());

        assertThat(prices).hasSize(2);
        assertThat(other.getStatistics())
                .returns(0L, Statistics::getPrepareStatementCount)
                .returns(0L, Statistics::getSecondLevelCacheMissCount);
        assertThat(
                        other.getStatistics()
                                .getDomainDataRegionStatistics(Author.class.getName() + ".books")
                                .getHitCount())
                .isOne();
    }

    private static List<Author> query(SessionFactory factory, String name) {
        return in(
                factory,
                session ->
                        session.createSelectionQuery("from Author where name = :name", Author.class)
                                .setParameter("name", name)
                                .setCacheable(true)
                                .getResultList());
    }

    @Test
    void query_isAnsweredByTheCache_untilItsTableChanges() {
        assertThat(query(one, "Ada")).hasSize(1);
        assertThat(query(one, new String("Ada"))).hasSize(1);
        assertThat(query(other, "Ada")).hasSize(1);
        assertThat(query(other, "Bob")).isEmpty();
        assertThat(one.getStatistics())
                .returns(1L, Statistics::getQueryCacheHitCount)
                .returns(1L, Statistics::getQueryCacheMissCount);
        assertThat(other.getStatistics())
                .returns(1L, Statistics::getQueryCacheHitCount)
                .returns(1L, Statistics::getQueryCacheMissCount)
                .returns(1L, Statistics::getPrepareStatementCount);

        rename("Bob");

        assertThat(query(other, "Ada")).isEmpty();
        assertThat(query(other, "Bob")).hasSize(1);
    }

    private void rename(String name) {
        in(
                one,
                session -> {
                    session.find(Author.class, 1L).name = name;
                    return null;
                });
    }

    @Test
    void change_isSeenByTheOtherProgram() {
        assertThat(author(one).name).isEqualTo("Ada");
        assertThat(author(other).name).isEqualTo("Ada");
        rename("Bob");

        assertThat(author(other).name).isEqualTo("Bob");
    }

    @Test
    void evictAll_emptiesTheRegions() {
        author(one);
        one.getCache().evictAllRegions();

        assertThat(oneManager.getCache(Author.class.getName()).iterator().hasNext()).isFalse();
        author(other);
        assertThat(other.getStatistics().getSecondLevelCacheMissCount()).isOne();
    }
}

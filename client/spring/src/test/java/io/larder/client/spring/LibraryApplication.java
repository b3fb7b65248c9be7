package io.larder.client.spring;

import io.larder.client.spring.Library.Book;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * An application of Spring Boot's with a {@link Library}. As a program of its own it does what it
 * reads, a line each, and answers with {@code calls-of-its-origin result}.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableCaching
class LibraryApplication {
    @Bean
    Library library() {
        return new Library();
    }

    static ConfigurableApplicationContext start(String uri, String... properties) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--larder.uri=" + uri,
                                "--spring.application.name=library",
                                "--spring.main.banner-mode=off",
                                "--spring.main.log-startup-info=false",
                                "--spring.jmx.enabled=false",
                                "--spring.reactor.context-propagation=limited"));
        for (String property : properties) {
            arguments.add("--" + property);
        }
        return new SpringApplicationBuilder(LibraryApplication.class)
                .web(WebApplicationType.NONE)
                .run(arguments.toArray(String[]::new));
    }

    public static void main(String[] arguments) throws Exception {
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
        try (ConfigurableApplicationContext context = start(arguments[0])) {
            Library library = context.getBean(Library.class);
            BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
            System.out.println("! ready");
            for (String line; (line = commands.readLine()) != null; ) {
                String[] words = line.split(" ", 2);
                int before = library.origin().calls.get();
                String result = result(library, words[0], words.length > 1 ? words[1] : "");
                System.out.println("! " + (library.origin().calls.get() - before) + ' ' + result);
            }
        }
    }

    private static String result(Library library, String command, String isbn) {
        Book book =
                switch (command) {
                    case "single" -> library.single(isbn);
                    case "book" -> library.book(isbn);
                    case "mono" -> library.singleMono(isbn).block();
                    case "save" -> library.save(new Book(isbn, "Saved", List.of()));
                    case "forget" -> {
                        library.forget(isbn);
                        yield null;
                    }
                    case "forgetAll" -> {
                        library.forgetAll();
                        yield null;
                    }
                    default -> throw new IllegalArgumentException(command);
                };
        return book == null ? "null" : book.title();
    }
}

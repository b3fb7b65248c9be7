package io.larder.client.examples.shop;

import java.util.logging.LogManager;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/**
 * The shop. Prints {@code READY shop=PORT} when it takes requests, and ends when its standard input
 * does.
 */
@SpringBootApplication
public class ShopApplication {
    /** For Spring. */
    public ShopApplication() {}

    /** Caches, unless the shop is to be plain. */
    @Configuration(proxyBeanMethods = false)
    @EnableCaching
    @Profile("!plain")
    static class Caching {}

    /** Starts it; arguments are Spring Boot's. */
    public static void main(String[] arguments) throws Exception {
        LogManager.getLogManager().reset(); // Tomcat's, which tells of every start and stop
        try (ConfigurableApplicationContext shop =
                SpringApplication.run(ShopApplication.class, arguments)) {
            int port = ((ServletWebServerApplicationContext) shop).getWebServer().getPort();
            System.out.println("READY shop=" + port);
            while (System.in.read() >= 0) {
                // until whoever has started it is gone
            }
        }
    }
}

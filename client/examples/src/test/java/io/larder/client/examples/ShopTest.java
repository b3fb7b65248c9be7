package io.larder.client.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.larder.client.Larder;
import io.larder.client.examples.shop.ShopApplication;
import io.larder.client.junit.LarderExtension;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;

/** The example's shop over HTTP, with a database and a server of this JVM. */
@Timeout(60)
class ShopTest {
    @RegisterExtension
    static final LarderExtension SERVER = LarderExtension.withSettings("store.memory=16m");

    @Test
    void productIsLoadedOnce_andWhatThereIsNot_too() throws Exception {
        String url = "jdbc:h2:mem:shop-test;DB_CLOSE_DELAY=-1";
        try (Connection database = DriverManager.getConnection(url, "sa", "");
                Statement schema = database.createStatement()) {
            schema.execute("CREATE ALIAS PAUSE FOR 'java.lang.Thread.sleep(long)'");
            schema.execute("CREATE TABLE product (id BIGINT, name VARCHAR, price_cents BIGINT)");
            schema.execute("INSERT INTO product VALUES (1, 'Tea', 250)");
        }
        try (var context =
                SpringApplication.run(
                        ShopApplication.class,
                        "--spring.datasource.url=" + url,
                        "--larder.uri=" + SERVER.server().uri())) {
            int port = ((ServletWebServerApplicationContext) context).getWebServer().getPort();
            RestClient shop = RestClient.create("http://127.0.0.1:" + port);

            for (int visit = 0; visit < 3; visit++) {
                assertThat(shop.get().uri("/products/1").retrieve().body(String.class))
                        .isEqualTo("{\"id\":1,\"name\":\"Tea\",\"priceCents\":250}");
                assertThatThrownBy(
                                () -> shop.get().uri("/products/2").retrieve().toBodilessEntity())
                        .isInstanceOf(HttpClientErrorException.NotFound.class);
            }

            assertThat(shop.get().uri("/loads").retrieve().body(Long.class)).isEqualTo(2);
            assertThat(context.getBean(Larder.class).cache("products").stats().items())
                    .isEqualTo(2);
        }
    }
}

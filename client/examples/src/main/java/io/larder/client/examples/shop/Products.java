package io.larder.client.examples.shop;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

/** The products in the database, which takes its time. Any thread. */
@Repository
public class Products {
    private static final String QUERY =
            "SELECT id, name, price_cents, PAUSE(20) FROM product WHERE id = ?";

    private final JdbcTemplate database;
    private final AtomicLong loads = new AtomicLong();

    /** From this database. */
    public Products(JdbcTemplate database) {
        this.database = database;
    }

    /** The product, or null; of all who want one at once, in all shops, one asks the database. */
    @Cacheable(cacheNames = "products", sync = true)
    public @Nullable Product find(long id) {
        loads.incrementAndGet();
        List<Product> found =
                database.query(
                        QUERY,
                        (row, number) ->
                                new Product(row.getLong(1), row.getString(2), row.getLong(3)),
                        id);
        return found.isEmpty() ? null : found.get(0);
    }

    /** How often this shop has asked the database. */
    public long loads() {
        return loads.get();
    }
}

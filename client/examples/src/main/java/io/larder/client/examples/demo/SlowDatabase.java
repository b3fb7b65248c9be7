package io.larder.client.examples.demo;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.h2.tools.Server;

/** The database of all shops: H2 in this JVM, on a free port, whose every row takes 20 ms. */
final class SlowDatabase implements AutoCloseable {
    private static final String NAME = "shop";

    private final Server server;
    private final Connection keeper; // in memory, a database ends with its last connection

    private SlowDatabase(Server server, Connection keeper) {
        this.server = server;
        this.keeper = keeper;
    }

    static SlowDatabase start(int products) throws SQLException {
        Connection keeper = DriverManager.getConnection("jdbc:h2:mem:" + NAME, "sa", "");
        try (Statement schema = keeper.createStatement()) {
            schema.execute("CREATE ALIAS PAUSE FOR 'java.lang.Thread.sleep(long)'");
            schema.execute(
                    "CREATE TABLE product (id BIGINT PRIMARY KEY, name VARCHAR, price_cents BIGINT)");
        }
        try (PreparedStatement row =
                keeper.prepareStatement("INSERT INTO product VALUES (?, ?, ?)")) {
            for (int id = 0; id < products; id++) {
                row.setLong(1, id);
                row.setString(2, "Product " + id);
                row.setLong(3, 100L * id + 99);
                row.addBatch();
            }
            row.executeBatch();
        }
        Server server = Server.createTcpServer("-tcpPort", "0", "-ifExists").start();
        return new SlowDatabase(server, keeper);
    }

    /** For JDBC. */
    String url() {
        return "jdbc:h2:tcp://127.0.0.1:" + server.getPort() + "/mem:" + NAME;
    }

    @Override
    public void close() throws SQLException {
        server.stop();
        keeper.close();
    }
}

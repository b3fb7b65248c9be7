package io.larder.server.auth;

/**
 * Where somebody is and what his program calls itself, for those who look after the server.
 *
 * @param address as {@code 127.0.0.1:50432}
 * @param client the name that the client has given itself; empty for none
 */
public record Origin(String address, String client) {
    /** Of a client that has no name. */
    public static Origin at(String address) {
        return new Origin(address, "");
    }

    /** The address without its port: by it tries are held back. */
    String host() {
        int colon = address.lastIndexOf(':');
        return colon < 0 ? address : address.substring(0, colon);
    }

    /** As it is told. */
    @Override
    public String toString() {
        return client.isEmpty() ? host() : host() + " (" + client + ')';
    }
}

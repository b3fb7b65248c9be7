package io.larder.server.config;

import java.util.regex.Pattern;

/** A host to listen at: a name or an address, IPv6 with or without brackets; not yet resolved. */
public record HostType() implements ValueType<String> {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,253}");
    private static final Pattern IPV6 =
            Pattern.compile("[0-9A-Fa-f:.]+:[0-9A-Fa-f:.]*(%[A-Za-z0-9._-]+)?");

    @Override
    public String parse(String text) {
        boolean brackets = text.startsWith("[") && text.endsWith("]");
        String host = brackets ? text.substring(1, text.length() - 1) : text;
        if (!IPV6.matcher(host).matches() && (brackets || !NAME.matcher(host).matches())) {
            throw new IllegalArgumentException(text);
        }
        return host;
    }

    @Override
    public String expected() {
        return "a host name or address, as 127.0.0.1, 0.0.0.0 or ::1, without a port";
    }

    @Override
    public String unit() {
        return "host";
    }
}

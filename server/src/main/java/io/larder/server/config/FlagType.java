package io.larder.server.config;

/** Yes or no: {@code true} or {@code false}, nothing else. */
public record FlagType() implements ValueType<Boolean> {
    @Override
    public Boolean parse(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    @Override
    public String expected() {
        return "true or false";
    }

    @Override
    public String unit() {
        return "true or false";
    }
}

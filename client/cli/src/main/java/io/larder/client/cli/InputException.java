package io.larder.client.cli;

/** Something was typed that cannot be asked of a server. */
final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    /**
     * @param code lower-case words joined by hyphens
     * @param text the input and what was expected
     */
    InputException(String code, String text) {
        super(text);
        this.code = code;
    }

    String code() {
        return code;
    }
}

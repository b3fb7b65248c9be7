package io.larder.client.junit;

/** A test's JVM: starts a server, says where it runs and its URI, and waits to be killed. */
final class EmbeddingProgram {
    static final String ANSWER = "EMBEDDED ";

    private EmbeddingProgram() {}

    public static void main(String[] arguments) throws Exception {
        LarderServer server = LarderServer.startEmbedded();
        String place = server.isInThisJvm() ? "this " : "own ";
        System.out.println(ANSWER + place + server.uri());
        System.in.read();
        System.exit(0); // whoever started it is gone
    }
}

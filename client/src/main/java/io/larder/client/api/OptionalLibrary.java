package io.larder.client.api;

/** A library that the client can use and does not bring along. */
enum OptionalLibrary {
    JACKSON(
            "com.fasterxml.jackson.databind.json.JsonMapper",
            "com.fasterxml.jackson.core:jackson-databind"),
    LZ4("net.jpountz.lz4.LZ4Factory", "at.yawk.lz4:lz4-java"),
    ZSTD("com.github.luben.zstd.Zstd", "com.github.luben:zstd-jni");

    private final String className;
    private final String artifact;

    OptionalLibrary(String className, String artifact) {
        this.className = className;
        this.artifact = artifact;
    }

    /**
     * @param what needs it
     * @throws IllegalStateException if it is not on the class path, naming the artifact
     */
    void require(String what) {
        try {
            Class.forName(className, false, OptionalLibrary.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    what + " needs " + artifact + ", which is not on the class path", e);
        }
    }
}

package io.larder.client.spring.boot;

import io.larder.client.LarderBuilder;

/** A bean that has a say in the client's options, after the properties have had theirs. */
@FunctionalInterface
public interface LarderBuilderCustomizer {
    /** Changes what it wants to. */
    void customize(LarderBuilder builder);
}

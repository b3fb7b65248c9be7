package io.larder.client.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.larder.client.Larder;
import io.larder.client.api.Cache;
import io.larder.client.api.ClientClosedException;
import io.larder.client.api.Codec;
import io.larder.client.api.LarderException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs test classes that use the extension, as JUnit runs those of a service. */
@Timeout(60)
class LarderExtensionTest {
    private static final List<Object> SEEN = new ArrayList<>();

    private static TestExecutionSummary run(Class<?> tests) {
        SEEN.clear();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(tests))
                                .configurationParameter("junit.jupiter.conditions.deactivate", "*")
                                .build(),
                        listener);
        TestExecutionSummary summary = listener.getSummary();
        assertThat(summary.getFailures())
                .extracting(TestExecutionSummary.Failure::getException)
                .isEmpty();
        return summary;
    }

    @Test
    void annotated_testsGetAClientAndAnEmptyServerEach() {
        assertThat(run(Annotated.class).getTestsSucceededCount()).isEqualTo(3);

        assertThat(SEEN).hasSize(3).allMatch(larder -> larder == SEEN.get(0));
    }

    @Test
    void afterTheClass_bothAreClosed() {
        run(Annotated.class);

        assertThatThrownBy(() -> ((Larder) SEEN.get(0)).ping())
                .isInstanceOf(ClientClosedException.class);
    }

    @Test
    void registered_hasSettingsAndKeepsItems() {
        assertThat(run(Registered.class).getTestsSucceededCount()).isEqualTo(2);

        assertThatThrownBy(() -> Larder.connect((String) SEEN.get(0)))
                .isInstanceOf(LarderException.class);
    }

    @Test
    void beforeAnyTest_thereIsNone() {
        assertThatThrownBy(() -> new LarderExtension().larder())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("static @RegisterExtension");
    }

    /** Run by the tests above alone: the condition is switched off there. */
    @EnabledIfSystemProperty(named = "larder.never", matches = "true")
    @ExtendWith(LarderExtension.class)
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static class Annotated {
        private final Cache<String, String> cache;

        Annotated(Larder larder) {
            cache = larder.cache("texts", Codec.utf8(), Codec.utf8());
        }

        @BeforeEach
        void see(Larder larder) {
            SEEN.add(larder);
        }

        @Test
        @Order(1)
        void first_putsItems(Larder larder, LarderServer server) {
            cache.put("k", "v");
            larder.cache().putText("k", "v");
            assertThat(server.port()).isPositive();
        }

        @Test
        @Order(2)
        void second_findsNone(Larder larder) {
            assertThat(cache.get("k")).isEmpty();
            assertThat(larder.cache().getText("k")).isEmpty();
        }

        @Nested
        class Inside {
            @Test
            void hasTheSameServer(Larder larder) {
                assertThat(larder).isSameAs(SEEN.get(0));
            }
        }
    }

    /** Run by the tests above alone. */
    @EnabledIfSystemProperty(named = "larder.never", matches = "true")
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static class Registered {
        @RegisterExtension
        static final LarderExtension LARDER =
                LarderExtension.withSettings("store.memory=32m").keepingItems();

        @BeforeAll
        static void fill() {
            LARDER.larder().cache().putText("k", "v");
            SEEN.add(LARDER.server().uri());
        }

        @Test
        @Order(1)
        void hasItsSettings() {
            assertThat(LARDER.larder().stats())
                    .containsEntry("memory_limit_bytes", "" + (32 << 20));
        }

        @Test
        @Order(2)
        void keepsItems() {
            assertThat(LARDER.larder().cache().getText("k")).hasValue("v");
        }
    }
}

package io.larder.client.spring;

import org.springframework.util.ClassUtils;
import reactor.core.scheduler.Schedulers;

/** Whether the calling thread may wait: Reactor's own, on which everything else waits, must not. */
final class Waiting {
    private static final boolean IS_REACTOR_PRESENT =
            ClassUtils.isPresent(
                    "reactor.core.scheduler.Schedulers", Waiting.class.getClassLoader());

    private Waiting() {}

    static boolean isAllowed() {
        return !IS_REACTOR_PRESENT || !Reactors.isNonBlocking();
    }

    private static final class Reactors {
        static boolean isNonBlocking() {
            return Schedulers.isInNonBlockingThread();
        }
    }
}

package io.larder.bench.tck;

import static org.junit.platform.engine.discovery.ClassNameFilter.includeClassNamePatterns;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;
import static org.junit.platform.engine.discovery.PackageNameFilter.excludePackageNames;

import io.larder.bench.Progress;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * One run of the kit in this JVM, by JUnit's platform: all of it but the annotation package, which
 * wants a CDI container, and {@code CachingTest.dummyTest}, which is a bare {@code fail()}.
 */
final class KitRun implements TestExecutionListener {
    private static final Logger KIT_LOG = Logger.getLogger("org.jsr107.tck");

    private long run;
    private long failed;
    private long skipped;

    /** Runs it to its end, and tells of every failure. Locking: blocks for half a minute or so. */
    void run() {
        KIT_LOG.setLevel(Level.OFF); // it names each of its sockets
        LauncherDiscoveryRequest kit =
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(selectPackage("org.jsr107.tck"), selectPackage("javax.cache"))
                        .filters(
                                includeClassNamePatterns(".*Test"),
                                excludePackageNames("org.jsr107.tck.annotation"),
                                (PostDiscoveryFilter)
                                        test ->
                                                FilterResult.includedIf(
                                                        !test.getSource()
                                                                .map(KitRun::isBareFail)
                                                                .orElse(false)))
                        .build();
        LauncherConfig config =
                LauncherConfig.builder()
                        .enableLauncherSessionListenerAutoRegistration(false)
                        .build();
        Launcher launcher = LauncherFactory.create(config);
        launcher.execute(kit, this);
    }

    private static boolean isBareFail(Object source) {
        return source instanceof MethodSource method
                && method.getClassName().equals("org.jsr107.tck.CachingTest")
                && method.getMethodName().equals("dummyTest");
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        if (test.isContainer() && test.getParentId().isPresent()) {
            Progress.say("tck: %s", test.getDisplayName());
        }
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        if (test.isTest()) {
            skipped++;
            Progress.say("tck: skipped: %s: %s", test.getDisplayName(), reason);
        }
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        boolean isSuccessful = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
        if (test.isTest()) {
            run++;
        }
        if (!isSuccessful) {
            failed++;
            Progress.say(
                    "tck: failed: %s: %s",
                    test.getUniqueId(),
                    result.getThrowable().map(Throwable::toString).orElse("no reason"));
        }
    }

    /** How many tests have run to their end, well or not. */
    long runTests() {
        return run;
    }

    /** How many did not end well, containers that could not begin included. */
    long failedTests() {
        return failed;
    }

    long skippedTests() {
        return skipped;
    }
}

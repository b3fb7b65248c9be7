package io.larder.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.client.Larder;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Carries out lines of input and writes one answer line for each, in their order, while further
 * requests are under way. For one use.
 *
 * <p>Operations of one key follow each other: each is sent when the one before is answered, so a
 * {@code get} sees the {@code set} above it whatever overtakes on the way. Those of different keys
 * do not wait for each other.
 *
 * <p>Bounds: {@link #REQUESTS_MAX} requests under way, a long one counting as several; lines of
 * {@link #LINE_BYTES_MAX} bytes. At the bound it stops reading.
 */
/*
 *   reader (the caller): line -> operation -> permit -> future -> queue
 *   writer:              queue -> its answer -> permit back -> line
 *
 * The writer waits for the oldest request, so a permit is held until the line is written: the queue
 * never holds more than the permits allow, and answers that came early wait in it. If the writer
 * cannot write, it sets `broken`, and goes on emptying the queue so that the reader gets its permits
 * and sees it.
 */
final class Pipe {
    static final int REQUESTS_MAX = 64;
    static final int LINE_BYTES_MAX = 8 << 20;

    /** Bytes of a request that count as one more request: 16 MiB at most are under way. */
    private static final int REQUEST_BYTES = 256 << 10;

    private final Larder larder;
    private final LineReader input;
    private final OutputStream output;
    private final Semaphore permits = new Semaphore(REQUESTS_MAX);
    private final BlockingQueue<Pending> queue = new ArrayBlockingQueue<>(REQUESTS_MAX + 1);
    private final Map<ByteBuffer, CompletableFuture<Answer>> lastOfKey = new ConcurrentHashMap<>();
    private boolean failed; // the writer's until it has ended
    private volatile @Nullable IOException broken;

    /** A request under way; the last entry has none. */
    private record Pending(@Nullable CompletableFuture<Answer> answer, int permits) {}

    Pipe(Larder larder, InputStream input, OutputStream output) {
        this.larder = larder;
        this.input = new LineReader(input, LINE_BYTES_MAX);
        this.output = new BufferedOutputStream(output, 64 << 10);
    }

    /**
     * Runs until the input ends. Locking: blocks the calling thread.
     *
     * @return whether every line was answered without an error
     * @throws IOException if input or output fail
     */
    boolean run() throws IOException, InterruptedException {
        Thread writer = new Thread(this::write, "larder-cli-writer");
        writer.start();
        try {
            boolean more = true;
            while (more && broken == null) {
                more = readLine();
            }
        } finally {
            queue.put(new Pending(null, 0));
            writer.join();
        }
        IOException problem = broken;
        if (problem != null) {
            throw problem;
        }
        return !failed;
    }

    private boolean readLine() throws IOException, InterruptedException {
        Operation operation;
        try {
            byte[] line = input.next();
            if (line == null) {
                return false;
            }
            operation = PipeLanguage.parse(line);
        } catch (InputException e) {
            permits.acquire();
            queue.put(new Pending(CompletableFuture.failedFuture(e), 1));
            return true;
        }
        int weight = Math.min(REQUESTS_MAX, 1 + operation.requestBytes() / REQUEST_BYTES);
        permits.acquire(weight);
        queue.put(new Pending(start(operation), weight));
        return true;
    }

    private CompletableFuture<Answer> start(Operation operation) {
        ByteBuffer key = ByteBuffer.wrap(operation.key());
        if (!key.hasRemaining()) {
            return call(operation);
        }
        CompletableFuture<Answer> before = lastOfKey.get(key);
        CompletableFuture<Answer> answer =
                before == null
                        ? call(operation)
                        : before.exceptionally(problem -> Answer.MISS) // it is told on its own line
                                .thenCompose(done -> call(operation));
        lastOfKey.put(key, answer);
        return answer.whenComplete((done, problem) -> lastOfKey.remove(key, answer));
    }

    private CompletableFuture<Answer> call(Operation operation) {
        try {
            return operation.start(larder);
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void write() {
        try {
            for (Pending next = take(); next.answer != null; next = take()) {
                String line = line(next.answer);
                permits.release(next.permits);
                if (broken == null) {
                    writeLine(line);
                }
            }
        } catch (InterruptedException e) {
            broken = new IOException("interrupted", e);
        }
    }

    /** The oldest request; what is written is sent on its way before it waits for one. */
    private Pending take() throws InterruptedException {
        Pending next = queue.peek();
        if (next == null || (next.answer != null && !next.answer.isDone())) {
            flush();
        }
        next = queue.take();
        if (next.answer == null) {
            flush();
        }
        return next;
    }

    private String line(CompletableFuture<Answer> answer) {
        try {
            return answer.join().line();
        } catch (RuntimeException e) {
            failed = true;
            return ErrorLine.of(e);
        }
    }

    private void writeLine(String line) {
        try {
            output.write(line.getBytes(UTF_8));
            output.write('\n');
        } catch (IOException e) {
            broken = e;
        }
    }

    private void flush() {
        try {
            output.flush();
        } catch (IOException e) {
            broken = e;
        }
    }
}

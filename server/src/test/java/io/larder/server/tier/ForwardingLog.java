package io.larder.server.tier;

import java.io.IOException;
import java.util.List;

/** A log that does what another one does, unless a test has it do something else. */
class ForwardingLog implements DiskLog {
    private final DiskLog log;

    ForwardingLog(DiskLog log) {
        this.log = log;
    }

    @Override
    public void write(List<Victim> victims) throws IOException {
        log.write(victims);
    }

    @Override
    public byte[] read(long name) throws IOException {
        return log.read(name);
    }

    @Override
    public void flush() throws IOException {
        log.flush();
    }

    @Override
    public long bytes() {
        return log.bytes();
    }

    @Override
    public void close() {
        log.close();
    }
}

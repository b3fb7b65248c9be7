package io.larder.server.compat.resp;

import io.larder.server.command.CommandServices;
import io.larder.server.compat.Digits;
import io.larder.server.compat.Items;
import io.larder.server.compat.KeyRow;
import io.larder.server.compat.ScratchSink;

/** What requests are carried out with, used again for each. One event loop. */
final class Bench {
    final Items items;
    final KeyRow row;
    final BulkSink bulk = new BulkSink();
    final ScratchSink scratch = new ScratchSink();

    /** For commands about an item that are no use of it. */
    final ScratchSink glance = new ScratchSink(false);

    final Digits digits = new Digits();
    final RequestAhead ahead;

    Bench(CommandServices services) {
        items = new Items(services);
        row = new KeyRow(items);
        ahead = new RequestAhead(row);
    }
}

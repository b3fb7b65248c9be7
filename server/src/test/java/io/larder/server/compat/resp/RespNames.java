package io.larder.server.compat.resp;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What RESP can ask here, for tests of other packages. */
public final class RespNames {
    private RespNames() {}

    public static Set<String> all() {
        return new CommandTable()
                .all().stream()
                        .map(RespCommand::name)
                        .collect(Collectors.toCollection(TreeSet::new));
    }
}

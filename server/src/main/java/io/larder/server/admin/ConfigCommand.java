package io.larder.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.larder.server.config.ConfigException;
import io.larder.server.config.LiveConfiguration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Shows, changes and keeps the settings. */
final class ConfigCommand implements AdminCommand {
    private static final String FORMS =
            "config get, config get KEY, config set KEY VALUE or config rewrite";

    private final LiveConfiguration configuration;

    ConfigCommand(LiveConfiguration configuration) {
        this.configuration = configuration;
    }

    @Override
    public String name() {
        return "config";
    }

    @Override
    public String usage() {
        return "WHAT [KEY] [VALUE]";
    }

    @Override
    public String summary() {
        return "shows settings (get; KEY may end in *), changes one until the next start (set), or"
                + " writes what was changed into the file (rewrite)";
    }

    @Override
    public void run(List<byte[]> arguments, AdminReply reply) {
        List<String> words = arguments.stream().map(word -> new String(word, UTF_8)).toList();
        String what = words.get(0);
        if (what.equals("get") && words.size() <= 2) {
            get(words.size() == 1 ? "*" : words.get(1), reply);
        } else if (what.equals("set") && words.size() == 3) {
            set(configuration, words.get(1), words.get(2), reply);
        } else if (what.equals("rewrite") && words.size() == 1) {
            rewrite(reply);
        } else {
            reply.error("wrong-arguments", String.join(" ", words) + " (expected: " + FORMS + ")");
        }
    }

    private void get(String pattern, AdminReply reply) {
        boolean isPrefix = pattern.endsWith("*");
        String begin = isPrefix ? pattern.substring(0, pattern.length() - 1) : pattern;
        List<LiveConfiguration.View> views =
                configuration.views().stream()
                        .filter(
                                view ->
                                        isPrefix
                                                ? view.key().name().startsWith(begin)
                                                : view.key().name().equals(begin))
                        .toList();
        if (views.isEmpty()) {
            reply.error("unknown-key", pattern + " (expected: a key that config get lists)");
            return;
        }
        reply.beginList();
        views.forEach(view -> reply.row("CONFIG", fields(view)));
        reply.end();
    }

    private static Map<String, Object> fields(LiveConfiguration.View view) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", view.key().name());
        fields.put("value", view.text());
        fields.put("default", view.key().defaultText());
        fields.put("unit", view.key().type().unit());
        fields.put("restart", view.needsRestart());
        fields.put("origin", view.origin());
        return fields;
    }

    /** Changes a setting and answers. */
    static void set(LiveConfiguration configuration, String name, String text, AdminReply reply) {
        try {
            configuration.set(name, text, "the telnet admin");
            reply.ok();
        } catch (ConfigException e) {
            reply.error("bad-setting", String.valueOf(e.getMessage()));
        }
    }

    private void rewrite(AdminReply reply) {
        try {
            List<String> written = configuration.rewrite();
            reply.beginList();
            written.forEach(reply::line);
            reply.end();
        } catch (ConfigException e) {
            reply.error("rewrite-refused", String.valueOf(e.getMessage()));
        }
    }
}

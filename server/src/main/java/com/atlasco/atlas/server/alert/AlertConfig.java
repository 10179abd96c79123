package com.atlasco.atlas.server.alert;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which alerts a node has, and who is told.
 *
 * @param rules at most 100, each with a name of its own; those on a tier that the node does not have are left out
 * @param webhooks where changes are posted to; as {@link #webhook} makes them
 */
public record AlertConfig(List<AlertRule> rules, List<URI> webhooks) {

    /** What a node can have of rules at most. */
    public static final int MOST_RULES = 100;

    public AlertConfig {
        rules = List.copyOf(rules);
        webhooks = List.copyOf(webhooks);
        if (rules.size() > MOST_RULES) {
            throw new IllegalArgumentException("at most %d rules, not %d".formatted(MOST_RULES, rules.size()));
        }
        Set<String> names = new HashSet<>();
        for (AlertRule rule : rules) {
            if (!names.add(rule.name())) {
                throw new IllegalArgumentException("two rules are named " + rule.name());
            }
        }
    }

    /** {@link AlertRule#defaults}, and nobody is told. */
    public static AlertConfig defaults() {
        return new AlertConfig(AlertRule.defaults(), List.of());
    }

    /**
     * The address of a webhook.
     *
     * @throws IllegalArgumentException unless it is an absolute http or https URL with a host, and without credentials or
     *     a fragment; the message says what to write, and does not repeat what may be secret
     */
    public static URI webhook(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException malformed) {
            throw new IllegalArgumentException(
                    "it is not a URL (at character %d): write one as https://host/path"
                            .formatted(malformed.getIndex() + 1),
                    malformed);
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!(scheme.equals("http") || scheme.equals("https")) || uri.getHost() == null) {
            throw new IllegalArgumentException("it is not an http or https URL with a host: write https://host/path");
        }
        if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException(
                    "it has credentials or a fragment, which are not sent: put a secret into its path or query");
        }
        return uri;
    }
}

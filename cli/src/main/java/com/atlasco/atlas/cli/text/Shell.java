package com.atlasco.atlas.cli.text;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes command lines that can be pasted into sh, bash and zsh. */
public final class Shell {

    // Not = at the start (zsh expands it) and not ~, so both are left to quotes.
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*");
    private static final Pattern SPECIAL_IN_DOUBLE_QUOTES = Pattern.compile("[$`\"\\\\!]");

    private Shell() {}

    public static String commandLine(List<String> arguments) {
        return arguments.stream().map(Shell::quote).collect(Collectors.joining(" "));
    }

    /** The argument so that a shell hands it on unchanged, in the form that reads best. */
    public static String quote(String argument) {
        if (PLAIN.matcher(argument).matches()) {
            return argument;
        }
        boolean readsBetterInDoubleQuotes = argument.contains("'")
                && !SPECIAL_IN_DOUBLE_QUOTES.matcher(argument).find();
        return readsBetterInDoubleQuotes ? '"' + argument + '"' : "'" + argument.replace("'", "'\\''") + "'";
    }
}

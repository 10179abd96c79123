package com.atlasco.atlas.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/** The superuser's password: random, made once per data directory, in a file only its owner may read. */
final class Password {

    private static final int BYTES = 24;

    private Password() {}

    static String readOrCreate(DataLayout layout) throws IOException {
        Path file = layout.password();
        if (Files.exists(file)) {
            return Files.readString(file).strip();
        }
        if (Files.exists(layout.primary())) {
            throw new EmbeddedPostgresException("The database in " + layout.primary() + " is there, but its password is"
                    + " not: " + file + " is missing. Restore that file from a backup.");
        }
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        String password = HexFormat.of().formatHex(bytes);
        FileTree.writePrivate(file, password + "\n");
        return password;
    }
}

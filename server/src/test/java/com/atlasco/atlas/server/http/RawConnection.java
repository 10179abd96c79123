package com.atlasco.atlas.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A kept connection on which a client sends all of a request before it reads any of the answer. */
final class RawConnection implements AutoCloseable {

    private static final Pattern LENGTH = Pattern.compile("content-length: *([0-9]+)");

    private final Socket socket;
    private final OutputStream out;
    private final InputStream in;

    RawConnection(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        out = socket.getOutputStream();
        in = new BufferedInputStream(socket.getInputStream());
    }

    void send(String text) throws IOException {
        send(text.getBytes(ISO_8859_1));
    }

    void send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** Sends a request with a body of that many bytes. */
    void post(String path, long length) throws IOException {
        send("POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n".formatted(path, length));
        byte[] part = new byte[64 * 1024];
        for (long left = length; left > 0; left -= part.length) {
            out.write(part, 0, (int) Math.min(left, part.length));
        }
        out.flush();
    }

    /** The answer's head, in lower case; its body, which has a length, is passed over. */
    String answer() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int unit = in.read();
            if (unit < 0) {
                throw new IOException("no answer, but '" + head.toString(ISO_8859_1) + "'");
            }
            head.write(unit);
        }
        String text = head.toString(ISO_8859_1).toLowerCase(Locale.ROOT);
        Matcher length = LENGTH.matcher(text);
        if (length.find()) {
            in.readNBytes(Integer.parseInt(length.group(1)));
        }
        return text;
    }

    /** Whether the server has ended the connection in good order. */
    boolean isEnded() throws IOException {
        return in.read() < 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

package com.atlasco.atlas.bench.http;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** One keep-alive connection, one request after another. For use by one thread. */
public final class HttpConnection implements Closeable {

    private static final int BUFFER = 64 * 1024;

    private final Socket socket;
    private final byte[] received = new byte[BUFFER];
    private final ByteBuffer buffer = ByteBuffer.wrap(received).limit(0);
    private final ResponseParser parser = new ResponseParser(true);

    /** A response as a whole. */
    public record Response(int status, String headers, String body) {

        /** A header's value, or a trailer's. */
        public Optional<String> header(String name) {
            int length = name.length();
            for (int line = 0; line < headers.length(); line = headers.indexOf('\n', line) + 1) {
                if (headers.startsWith(":", line + length) && headers.regionMatches(true, line, name, 0, length)) {
                    return Optional.of(headers.substring(line + length + 1, headers.indexOf('\n', line))
                            .strip());
                }
            }
            return Optional.empty();
        }
    }

    private HttpConnection(Socket socket) {
        this.socket = socket;
    }

    public static HttpConnection open(URI url) throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.connect(address(url), 5_000);
        return new HttpConnection(socket);
    }

    static InetSocketAddress address(URI url) {
        return new InetSocketAddress(url.getHost(), url.getPort());
    }

    OutputStream out() throws IOException {
        return socket.getOutputStream();
    }

    /** Sends a request and reads its whole response. */
    public Response exchange(byte[] request) throws IOException {
        out().write(request);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int status = read(bytes -> {
            body.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
            bytes.position(bytes.limit());
        });
        return new Response(status, parser.headers(), body.toString(StandardCharsets.UTF_8));
    }

    /** Reads a response to its end and returns its status. */
    int read(ResponseParser.Body body) throws IOException {
        InputStream in = socket.getInputStream();
        parser.reset();
        while (!parser.feed(buffer, body)) {
            int read = in.read(received);
            if (read < 0) {
                throw new EOFException("the server closed the connection in the middle of a response");
            }
            buffer.position(0).limit(read);
        }
        return parser.status();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

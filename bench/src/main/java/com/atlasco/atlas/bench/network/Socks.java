package com.atlasco.atlas.bench.network;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** As much of SOCKS5 (RFC 1928) as a client needs that connects without a password. */
final class Socks {

    private static final int VERSION = 5;
    private static final int CONNECT = 1;
    private static final int IPV4 = 1;
    private static final int NAME = 3;
    private static final int IPV6 = 4;

    private Socks() {}

    /** Reads where the client wants to connect to. */
    static InetSocketAddress request(Socket client) throws IOException {
        // Unbuffered: what follows the request belongs to the server.
        DataInputStream in = new DataInputStream(client.getInputStream());
        expect(in.readUnsignedByte(), VERSION);
        in.skipNBytes(in.readUnsignedByte());
        client.getOutputStream().write(new byte[] {VERSION, 0});
        expect(in.readUnsignedByte(), VERSION);
        expect(in.readUnsignedByte(), CONNECT);
        in.skipNBytes(1);
        InetAddress address = switch (in.readUnsignedByte()) {
            case IPV4 -> InetAddress.getByAddress(read(in, 4));
            case IPV6 -> InetAddress.getByAddress(read(in, 16));
            case NAME -> InetAddress.getByName(new String(read(in, in.readUnsignedByte()), StandardCharsets.US_ASCII));
            default -> throw new ProtocolException("an address of no known kind");
        };
        return new InetSocketAddress(address, in.readUnsignedShort());
    }

    /** Says whether the server was reached. */
    static void answer(Socket client, boolean connected) throws IOException {
        byte[] answer = new byte[10];
        answer[0] = VERSION;
        answer[1] = (byte) (connected ? 0 : 5);
        answer[3] = IPV4;
        client.getOutputStream().write(answer);
    }

    private static byte[] read(DataInputStream in, int length) throws IOException {
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    private static void expect(int found, int wanted) throws ProtocolException {
        if (found != wanted) {
            throw new ProtocolException("SOCKS5 would say " + wanted + " and not " + found);
        }
    }
}

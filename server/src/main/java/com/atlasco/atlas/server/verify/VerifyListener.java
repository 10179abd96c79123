package com.atlasco.atlas.server.verify;

import java.io.IOException;

/** Is told how a comparison goes. An exception ends it. */
public interface VerifyListener {

    /** Called often; the figures only grow. */
    void progress(VerifyProgress progress) throws IOException;

    void finding(Finding finding) throws IOException;
}

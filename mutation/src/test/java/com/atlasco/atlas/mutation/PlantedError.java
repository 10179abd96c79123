package com.atlasco.atlas.mutation;

/**
 * An error as somebody might make it.
 *
 * @param what is wrong then
 * @param suite whose tests have to notice
 * @param type the class that it is in, by its full name
 * @param right a text that occurs once in its source
 * @param wrong what takes its place
 */
record PlantedError(String what, Suite suite, String type, String right, String wrong) {

    /**
     * The source with the error in it.
     *
     * @throws IllegalStateException when the text is not there, or more than once: the list has to follow the code
     */
    String plantedIn(String source) {
        int at = source.indexOf(right);
        if (at < 0 || source.indexOf(right, at + 1) >= 0) {
            throw new IllegalStateException("'%s' cannot be planted in %s any more: there is %s '%s' there"
                    .formatted(what, type, at < 0 ? "no" : "more than one", right));
        }
        return source.substring(0, at) + wrong + source.substring(at + right.length());
    }
}

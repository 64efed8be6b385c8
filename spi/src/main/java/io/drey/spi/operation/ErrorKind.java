package io.drey.spi.operation;

/** Who can mend an error, and so when it is worth another try. */
public enum ErrorKind {
    /** The resource is wrong: wait until one of its inputs changes. Facts that were read on demand are read again later. */
    USER,
    /** It will pass by itself (a conflict, a time-out): soon again. */
    TRANSIENT,
    /** Something outside answers badly (Flink, storage, registry): back off, never give up. */
    EXTERNAL,
    /** A bug, ours or a plugin's: back off, count, alert. */
    INTERNAL
}

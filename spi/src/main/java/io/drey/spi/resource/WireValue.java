package io.drey.spi.resource;

/**
 * A value that the contract lists, and that may be another one all the same: a newer CRD or another operator may know
 * more. Each is a record of the text on the wire with one constant for each known value; compare with {@code equals}.
 */
public interface WireValue {
    /** The text as it stands in the resource. */
    String wire();

    /** Whether this version knows the value. One that is not known is kept and written back as it was. */
    boolean isKnown();
}

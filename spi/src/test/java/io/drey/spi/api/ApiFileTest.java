package io.drey.spi.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * {@code spi/api.txt} says what plugins compile against, so that a change of it shows in a review. To make it anew:
 * {@code ./mvnw -q -pl spi test -Dtest=ApiFileTest -Dapi.write}.
 */
class ApiFileTest {
    private static final Path FILE = Path.of("api.txt");

    @Test
    void theCheckedInFileIsWhatTheClassesGive() throws IOException {
        var listing = "# What plugins compile against, see ApiFileTest. Do not edit.\n\n"
                + ApiListing.of(Path.of("target/classes"));
        if (System.getProperty("api.write") != null) {
            Files.writeString(FILE, listing);
        }
        assertThat(FILE)
                .as("the SPI is another one. If that is meant, and plugins go on working (docs/decisions/0008):"
                        + " ./mvnw -q -pl spi test -Dtest=ApiFileTest -Dapi.write")
                .hasContent(listing);
    }

    public sealed interface Shape<T extends Comparable<T>> permits Square {
        String NAME = "shape";

        default @Nullable T least(List<? super T> of) throws IOException {
            return null;
        }
    }

    public record Square<T extends Comparable<T>>(int side) implements Shape<T> {
        int hidden() {
            return side;
        }

        public static <A, B extends Number> Optional<B> first(A a, B... more) {
            return Optional.of(more[0]);
        }
    }

    public abstract static class Corner {
        protected abstract int angle();
    }

    @Test
    void aLineTellsAllThatAPluginCouldDependOn() {
        assertThat(ApiListing.of(Shape.class)).isEqualTo("""
                io.drey.spi.api: sealed interface ApiFileTest.Shape<T extends Comparable<T>> permits ApiFileTest.Square
                  default @Nullable T least(List<? super T>) throws IOException
                  static final String NAME
                """);
        assertThat(ApiListing.of(Square.class)).isEqualTo("""
                io.drey.spi.api: final record ApiFileTest.Square<T extends Comparable<T>> implements ApiFileTest.Shape<T>
                  int side()
                  new(int)
                  static <A, B extends Number> Optional<B> first(A, B[] ...)
                """);
        assertThat(ApiListing.of(Corner.class)).isEqualTo("""
                io.drey.spi.api: abstract static class ApiFileTest.Corner
                  new()
                  protected abstract int angle()
                """);
    }
}

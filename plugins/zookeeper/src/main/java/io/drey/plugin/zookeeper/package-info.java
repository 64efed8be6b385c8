/** High-availability metadata that Flink keeps in ZooKeeper: what is in it, and how it goes. */
@NullMarked
package io.drey.plugin.zookeeper;

import org.jspecify.annotations.NullMarked;

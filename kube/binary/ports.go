package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
)

// The ports of the search lie below the range from which the kernel takes the ports of outgoing connections, so none
// of them is lost between this search and its use to such a connection.
const firstPort, endPort = 20000, 32000

// freePorts prints as many free TCP ports of the loopback address as its operand says.
func freePorts(operands []string) error {
	if len(operands) != 1 {
		return errors.New("usage: free-ports COUNT")
	}
	count, err := strconv.Atoi(operands[0])
	if err != nil {
		return err
	}
	for range 1000 {
		port := firstPort + rand.IntN(endPort-firstPort)
		listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			continue
		}
		defer listener.Close()
		fmt.Println(port)
		if count--; count == 0 {
			return nil
		}
	}
	return errors.New("no free port found")
}

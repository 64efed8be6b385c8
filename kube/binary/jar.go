package main

import (
	"archive/zip"
	"errors"
	"fmt"
	"os"
)

const manifestName = "META-INF/MANIFEST.MF"

// setMainClass copies a jar file and gives the copy a manifest that names its main class, and what more jar files have.
func setMainClass(operands []string) error {
	if len(operands) < 3 {
		return errors.New("usage: main-class JAR CLASS COPY [MORE-JAR...]")
	}
	file, err := os.Create(operands[2])
	if err != nil {
		return err
	}
	defer file.Close()
	out := zip.NewWriter(file)
	manifest, err := out.Create(manifestName)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(manifest, "Manifest-Version: 1.0\r\nMain-Class: %s\r\n\r\n", operands[1]); err != nil {
		return err
	}
	there := map[string]bool{manifestName: true}
	for _, jar := range append([]string{operands[0]}, operands[3:]...) {
		if err := addEntries(out, jar, there); err != nil {
			return err
		}
	}
	return out.Close()
}

// addEntries copies what is not there yet.
func addEntries(out *zip.Writer, jar string, there map[string]bool) error {
	in, err := zip.OpenReader(jar)
	if err != nil {
		return err
	}
	defer in.Close()
	for _, entry := range in.File {
		switch {
		case there[entry.Name]:
			continue
		case entry.FileInfo().IsDir(): // Some tools compress them: a copy as it is would be refused.
			_, err = out.Create(entry.Name)
		default:
			err = out.Copy(entry)
		}
		if err != nil {
			return err
		}
		there[entry.Name] = true
	}
	return nil
}

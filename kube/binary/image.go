package main

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
)

// list is a flag that may be given several times.
type list []string

func (l *list) String() string { return strings.Join(*l, " ") }

func (l *list) Set(value string) error {
	*l = append(*l, value)
	return nil
}

type descriptor struct {
	MediaType   string            `json:"mediaType"`
	Digest      string            `json:"digest"`
	Size        int64             `json:"size"`
	Annotations map[string]string `json:"annotations,omitempty"`
}

// buildImage writes an image of layers, each an uncompressed tar file, to standard output: an OCI image layout as a tar
// file. With -digest it only prints the digest of the image, the same for the same layers and settings.
// A file LAYER.sha256, if there is one, saves reading a layer twice.
func buildImage(operands []string) error {
	var config struct {
		User       string `json:",omitempty"`
		Env        list   `json:",omitempty"`
		Entrypoint list   `json:",omitempty"`
		Cmd        list   `json:",omitempty"`
		WorkingDir string `json:",omitempty"`
	}
	flags := flag.NewFlagSet("image", flag.ContinueOnError)
	digestOnly := flags.Bool("digest", false, "only print the digest of the image")
	name := flags.String("name", "", "name of the image")
	flags.StringVar(&config.User, "user", "", "user and group that the container runs as")
	flags.StringVar(&config.WorkingDir, "dir", "", "working directory")
	flags.Var(&config.Env, "env", "variable, as NAME=VALUE")
	flags.Var(&config.Entrypoint, "entrypoint", "word of the entry point")
	flags.Var(&config.Cmd, "cmd", "word of the default arguments")
	if err := flags.Parse(operands); err != nil {
		return err
	}
	if *name == "" || flags.NArg() == 0 {
		return errors.New("usage: image [-digest] -name NAME [SETTINGS] LAYER...")
	}

	var layers []descriptor
	var diffs []string
	for _, path := range flags.Args() {
		layer, err := describe(path)
		if err != nil {
			return err
		}
		layers = append(layers, layer)
		diffs = append(diffs, layer.Digest)
	}
	configText, err := json.Marshal(map[string]any{
		"architecture": runtime.GOARCH, "os": "linux", "config": config,
		"rootfs": map[string]any{"type": "layers", "diff_ids": diffs},
	})
	if err != nil {
		return err
	}
	manifest, err := json.Marshal(map[string]any{
		"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
		"config": describeText("application/vnd.oci.image.config.v1+json", configText), "layers": layers,
	})
	if err != nil {
		return err
	}
	described := describeText("application/vnd.oci.image.manifest.v1+json", manifest)
	if *digestOnly {
		fmt.Println(described.Digest)
		return nil
	}
	described.Annotations = map[string]string{"io.containerd.image.name": *name}
	index, err := json.Marshal(map[string]any{"schemaVersion": 2, "manifests": []descriptor{described}})
	if err != nil {
		return err
	}

	out := tar.NewWriter(os.Stdout)
	for _, file := range []struct {
		name string
		text []byte
	}{
		{"oci-layout", []byte(`{"imageLayoutVersion":"1.0.0"}`)}, {"index.json", index},
		{blob(describeText("", configText)), configText}, {blob(described), manifest},
	} {
		if err := out.WriteHeader(&tar.Header{Name: file.name, Mode: 0o644, Size: int64(len(file.text))}); err != nil {
			return err
		}
		if _, err := out.Write(file.text); err != nil {
			return err
		}
	}
	for i, path := range flags.Args() {
		if err := addLayer(out, path, layers[i]); err != nil {
			return err
		}
	}
	return out.Close()
}

func addLayer(out *tar.Writer, path string, layer descriptor) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := out.WriteHeader(&tar.Header{Name: blob(layer), Mode: 0o644, Size: layer.Size}); err != nil {
		return err
	}
	_, err = io.Copy(out, file)
	return err
}

func describe(path string) (descriptor, error) {
	file, err := os.Open(path)
	if err != nil {
		return descriptor{}, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return descriptor{}, err
	}
	layer := descriptor{MediaType: "application/vnd.oci.image.layer.v1.tar", Size: info.Size()}
	if sum, err := os.ReadFile(path + ".sha256"); err == nil && len(sum) >= 2*sha256.Size {
		layer.Digest = "sha256:" + string(sum[:2*sha256.Size])
		return layer, nil
	}
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return descriptor{}, err
	}
	layer.Digest = "sha256:" + hex.EncodeToString(hash.Sum(nil))
	return layer, nil
}

func describeText(mediaType string, text []byte) descriptor {
	return descriptor{MediaType: mediaType, Digest: digest(text), Size: int64(len(text))}
}

func blob(of descriptor) string { return "blobs/" + strings.Replace(of.Digest, ":", "/", 1) }

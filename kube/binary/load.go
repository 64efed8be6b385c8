package main

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
	"time"

	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
)

// No configuration or manifest of an image comes near this size; what is larger is a layer.
const maxDocument = 4 << 20

// hasImages prints the names of the images in a tar file (OCI layout or what `docker save` writes), one a line, if a
// container runtime has all of them with the same configurations, which name the layers by their sums. It fails if it
// has not, or if the file does not say it.
func hasImages(operands []string) error {
	if len(operands) != 2 {
		return errors.New("usage: has-images SOCKET FILE")
	}
	images, err := imagesOf(operands[1])
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	connection, err := connect(operands[0])
	if err != nil {
		return err
	}
	defer connection.Close()
	service := cri.NewImageServiceClient(connection)
	for name, config := range images {
		status, err := service.ImageStatus(ctx, &cri.ImageStatusRequest{Image: &cri.ImageSpec{Image: name}})
		if err != nil {
			return err
		}
		if status.Image == nil || status.Image.Id != config {
			return fmt.Errorf("%s is not there, or is another one", name)
		}
	}
	for name := range images {
		fmt.Println(name)
	}
	return nil
}

// imagesOf reads the names of the images of a tar file, each with the digest of its configuration.
func imagesOf(file string) (map[string]string, error) {
	documents, err := readDocuments(file)
	if err != nil {
		return nil, err
	}
	images := map[string]string{}
	if _, docker := documents["manifest.json"]; docker {
		err = dockerImages(documents, images)
	} else {
		err = ociImages(documents, images)
	}
	if err == nil && len(images) == 0 {
		err = errors.New("no image in it has a name")
	}
	return images, err
}

func dockerImages(documents map[string][]byte, images map[string]string) error {
	var manifest []struct {
		Config   string
		RepoTags []string
	}
	if err := json.Unmarshal(documents["manifest.json"], &manifest); err != nil {
		return err
	}
	for _, image := range manifest {
		config, found := documents[path.Clean(image.Config)]
		if !found || len(image.RepoTags) == 0 {
			return errors.New("an image in it has no configuration or no name")
		}
		for _, name := range image.RepoTags {
			images[name] = digest(config)
		}
	}
	return nil
}

func ociImages(documents map[string][]byte, images map[string]string) error {
	var index struct{ Manifests []descriptor }
	if err := json.Unmarshal(documents["index.json"], &index); err != nil {
		return err
	}
	for _, described := range index.Manifests {
		var manifest struct{ Config descriptor }
		name := described.Annotations["io.containerd.image.name"]
		if err := json.Unmarshal(documents[blob(described)], &manifest); err != nil {
			return err
		}
		if name == "" || manifest.Config.Digest == "" {
			return errors.New("an image in it has no configuration or no name")
		}
		images[name] = manifest.Config.Digest
	}
	return nil
}

// readDocuments reads the small files of a tar file: all but the layers, over which it skips.
func readDocuments(file string) (map[string][]byte, error) {
	in, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	documents := map[string][]byte{}
	for archive := tar.NewReader(in); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return documents, nil
		}
		if err != nil {
			return nil, err
		}
		name := path.Clean(header.Name)
		if header.Size > maxDocument || !(strings.HasSuffix(name, ".json") || strings.HasPrefix(name, "blobs/")) {
			continue
		}
		if documents[name], err = io.ReadAll(archive); err != nil {
			return nil, err
		}
	}
}

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:])
}

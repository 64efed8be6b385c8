package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	core "k8s.io/api/core/v1"
	failures "k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

// Kubernetes' own names: who is to make a volume for a claim, and who made a volume.
const (
	askedOf = "volume.kubernetes.io/storage-provisioner"
	madeBy  = "pv.kubernetes.io/provisioned-by"
)

// folders makes volumes for claims: each is a folder below root that any user can write.
type folders struct {
	client     kubernetes.Interface
	name, root string
}

// provisionVolumes makes and removes volumes for claims that ask PROVISIONER for them, until it is told to stop.
func provisionVolumes(operands []string) error {
	if len(operands) != 3 {
		return errors.New("usage: volumes KUBECONFIG PROVISIONER DIRECTORY")
	}
	config, err := clientcmd.BuildConfigFromFlags("", operands[0])
	if err != nil {
		return err
	}
	config.QPS, config.Burst = 50, 100 // The default of five a second is felt when a test makes many claims.
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()

	// Every change, and every minute the repetition of what failed, leads to a look at all claims and volumes.
	changed := make(chan struct{}, 1)
	look := func(any) {
		select {
		case changed <- struct{}{}:
		default:
		}
	}
	handler := cache.ResourceEventHandlerFuncs{AddFunc: look, UpdateFunc: func(_, now any) { look(now) }, DeleteFunc: look}
	factory := informers.NewSharedInformerFactory(client, time.Minute)
	claims, volumes := factory.Core().V1().PersistentVolumeClaims(), factory.Core().V1().PersistentVolumes()
	for _, informer := range []cache.SharedIndexInformer{claims.Informer(), volumes.Informer()} {
		if _, err := informer.AddEventHandler(handler); err != nil {
			return err
		}
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	f := folders{client, operands[1], operands[2]}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-changed:
		}
		allClaims, _ := claims.Lister().List(labels.Everything()) // A list from memory does not fail.
		for _, claim := range allClaims {
			report(f.provide(ctx, claim))
		}
		allVolumes, _ := volumes.Lister().List(labels.Everything())
		for _, volume := range allVolumes {
			report(f.reclaim(ctx, volume))
		}
	}
}

func report(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}

// provide makes the volume of a claim, if it wants one and has none.
func (f folders) provide(ctx context.Context, claim *core.PersistentVolumeClaim) error {
	if claim.Annotations[askedOf] != f.name || claim.Spec.VolumeName != "" || claim.DeletionTimestamp != nil {
		return nil
	}
	if mode := claim.Spec.VolumeMode; mode != nil && *mode != core.PersistentVolumeFilesystem {
		return fmt.Errorf("claim %s/%s: volumeMode is %s, only Filesystem is to be had", claim.Namespace, claim.Name, *mode)
	}
	name := "pvc-" + string(claim.UID)
	path := filepath.Join(f.root, name)
	if err := os.MkdirAll(path, 0o777); err != nil {
		return err
	}
	if err := os.Chmod(path, 0o777); err != nil { // whatever the umask
		return err
	}
	_, err := f.client.CoreV1().PersistentVolumes().Create(ctx, &core.PersistentVolume{
		ObjectMeta: meta.ObjectMeta{Name: name, Annotations: map[string]string{madeBy: f.name}},
		Spec: core.PersistentVolumeSpec{
			StorageClassName:              *claim.Spec.StorageClassName,
			AccessModes:                   claim.Spec.AccessModes,
			Capacity:                      claim.Spec.Resources.Requests,
			PersistentVolumeReclaimPolicy: core.PersistentVolumeReclaimDelete,
			PersistentVolumeSource:        core.PersistentVolumeSource{HostPath: &core.HostPathVolumeSource{Path: path}},
			ClaimRef: &core.ObjectReference{
				APIVersion: "v1", Kind: "PersistentVolumeClaim", Namespace: claim.Namespace, Name: claim.Name, UID: claim.UID,
			},
		},
	}, meta.CreateOptions{})
	if failures.IsAlreadyExists(err) {
		return nil
	}
	return err
}

// reclaim removes a volume whose claim is gone, with its folder, unless it is to be kept.
func (f folders) reclaim(ctx context.Context, volume *core.PersistentVolume) error {
	if volume.Annotations[madeBy] != f.name || volume.Status.Phase != core.VolumeReleased ||
		volume.Spec.PersistentVolumeReclaimPolicy != core.PersistentVolumeReclaimDelete {
		return nil
	}
	if err := os.RemoveAll(filepath.Join(f.root, volume.Name)); err != nil {
		return err
	}
	err := f.client.CoreV1().PersistentVolumes().Delete(ctx, volume.Name, meta.DeleteOptions{})
	if failures.IsNotFound(err) {
		return nil
	}
	return err
}

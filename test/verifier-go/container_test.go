package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestAFolderHoldsAFile(t *testing.T) {
	root := t.TempDir()
	empty := filepath.Join(root, "data", "he-was-not-there")
	if err := os.MkdirAll(empty, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := openFolder(root); err == nil {
		t.Error("a folder without a file is taken")
	}
	if err := os.WriteFile(filepath.Join(empty, "x"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := openFolder(root); err != nil {
		t.Error(err)
	}
}

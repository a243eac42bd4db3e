package main

import "fmt"

// allCodes is the table of section 7, in its order: the first one found is the main fault.
var allCodes = []string{
	"container_malformed", "bag_malformed", "format_unknown", "package_malformed",
	"checkpoint_malformed", "checkpoint_origin", "checkpoint_signature", "cosignature_invalid", "quorum_missing",
	"tile_missing", "bundle_malformed", "leaf_differs", "root_differs", "tile_differs", "leaf_malformed",
	"subject_twice", "secret_differs",
	"event_twice", "body_differs", "salt_differs", "index_differs", "body_malformed", "order_differs",
	"link_missing", "number_twice", "number_missing", "event_missing", "last_event_missing",
	"subject_missing", "subject_extra", "event_extra", "proof_missing", "proof_differs", "time_runs_back",
	"loose_extra", "event_repeated", "statement_differs", "hand_in_differs", "dock_digest_unsigned",
	"recording_differs", "media_missing", "media_differs",
	"rendition_missing", "rendition_other_original", "rendition_differs", "contents_differs", "package_differs",
	"timestamp_malformed", "timestamp_imprint", "timestamp_signature", "timestamp_checkpoint",
	"file_missing", "file_added", "file_differs", "manifest_differs", "container_damaged",
}

// verdict gathers faults: for each code the first thing found. An accepted package may have remarks.
type verdict struct {
	faults  map[string]string
	remarks []string
}

func newVerdict() *verdict {
	return &verdict{faults: map[string]string{}, remarks: []string{}}
}

// add notes a fault; what was found first is kept.
func (v *verdict) add(code, format string, values ...any) {
	known := false
	for _, one := range allCodes {
		known = known || one == code
	}
	if !known {
		panic("no such code: " + code)
	}
	if _, found := v.faults[code]; !found {
		v.faults[code] = fmt.Sprintf(format, values...)
	}
}

func (v *verdict) has(codes ...string) bool {
	for _, code := range codes {
		if _, found := v.faults[code]; found {
			return true
		}
	}
	return false
}

func (v *verdict) accepted() bool {
	return len(v.faults) == 0
}

// codes lists what was found in the order of the table.
func (v *verdict) codes() []string {
	found := []string{}
	for _, code := range allCodes {
		if v.has(code) {
			found = append(found, code)
		}
	}
	return found
}

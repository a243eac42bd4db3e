package main

import "sort"

// checkTimes: `time_runs_back` of section 7, an event that lies more than 5 s before one of a lower leaf.
func checkTimes(v *verdict, events []event) {
	ordered := make([]event, 0, len(events))
	for _, event := range events {
		if event.isEvent {
			ordered = append(ordered, event)
		}
	}
	sort.SliceStable(ordered, func(a, b int) bool { return ordered[a].line.index < ordered[b].line.index })
	for i, event := range ordered {
		for _, earlier := range ordered[:i] {
			if event.at.Before(earlier.at.Add(-leeway)) {
				v.add("time_runs_back", "event %d of %v, after %d of %v", event.line.index, event.at, earlier.line.index, earlier.at)
			}
		}
	}
}

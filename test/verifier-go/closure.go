package main

import "strings"

// The registers' types of subjects, and those of the types that other events name the same things by.
var (
	registerTypes = map[string]bool{
		"account": true, "device-register": true, "dock-register": true, "custodianship": true, "hand-in-list": true,
	}
	registerOf = map[string]string{
		"person": "account", "device": "device-register", "dock": "dock-register", "hand_in": "hand-in-list",
	}
)

// joined lists the subjects that an event joins: the table of section 6.
func joined(e event) []string {
	var names []string
	join := func(kind, id string) {
		if id != "" {
			names = append(names, kind+":"+id)
		}
	}
	for _, subject := range e.subjects {
		kind, id, _ := strings.Cut(subject, ":")
		if kind == "recording" || kind == "upload" || kind == "viewing" || registerTypes[kind] {
			join(kind, id)
		}
		if register, has := registerOf[kind]; has {
			join(register, id)
		}
	}
	switch e.role {
	case "service", "nobody":
	case "dock":
		join("dock-register", e.actor)
	default:
		join("account", e.actor)
	}
	if e.role == "custodian" {
		join("custodianship", "bureau")
	}
	join("account", e.onBehalf)
	for _, member := range []string{"officerIds", "participantIds"} {
		ids, _ := e.details[member].([]any)
		for _, one := range ids {
			id, _ := one.(string)
			join("account", id)
		}
	}
	sameSeat, _ := e.details["sameSeat"].(map[string]any)
	with, _ := sameSeat["with"].(string)
	join("account", with)
	return names
}

// belonging is what belongs to the case: the case, and what an event joins that names something else which belongs to it.
func belonging(caseName string, events []event) map[string]bool {
	naming := map[string][]event{}
	for _, event := range events {
		for _, name := range event.subjects {
			naming[name] = append(naming[name], event)
		}
	}
	own := map[string]bool{caseName: true}
	for open := []string{caseName}; len(open) > 0; open = open[1:] {
		for _, event := range naming[open[0]] {
			for _, name := range joined(event) {
				if !own[name] {
					own[name] = true
					open = append(open, name)
				}
			}
		}
	}
	return own
}

// checkDisclosure: which subjects have to be there, that no event is about others only, and which events may be loose.
func checkDisclosure(v *verdict, described *described, events, loose []event) {
	disclosed := map[string]bool{}
	for _, subject := range described.subjects {
		disclosed[subject.name] = true
	}
	caseName := "case:" + described.pack.caseNumber
	if !disclosed[caseName] {
		v.add("subject_missing", "%s, the case, is not disclosed", caseName)
	}
	own := belonging(caseName, events)
	for name := range disclosed {
		if !own[name] {
			v.add("subject_extra", "%s does not belong to the case", name)
		}
	}
	for _, event := range loose {
		if event.isEvent && !mayBeLoose(event, own, disclosed) {
			v.add("loose_extra", "event %d is no older event of a register of the case", event.line.index)
		}
	}
	isNamed := false
	for _, event := range events {
		isNamed = isNamed || event.names(caseName)
		isAboutDisclosed := false
		for _, name := range event.subjects {
			isAboutDisclosed = isAboutDisclosed || disclosed[name]
		}
		if event.isEvent && !isAboutDisclosed {
			v.add("event_extra", "event %d is about no disclosed subject", event.line.index)
		}
		for _, name := range joined(event) {
			if !disclosed[name] {
				v.add("subject_missing", "event %d joins %s, which is not disclosed", event.line.index, name)
			}
		}
	}
	if !isNamed {
		v.add("subject_missing", "no event names the case")
	}
}

// registersOf lists the registers whose act an event is by the names of before there were registers.
func registersOf(e event) []string {
	kind, _, isOfKind := strings.Cut(e.kind, ".")
	if kind == "custodian" && isOfKind {
		return []string{"custodianship:bureau"}
	}
	isAct := e.kind == "hand_in.opened" || isOfKind && (kind == "person" || kind == "device" || kind == "dock")
	var names []string
	for _, subject := range e.subjects {
		if id, isOwn := strings.CutPrefix(subject, kind+":"); isAct && isOwn {
			names = append(names, registerOf[kind]+":"+id)
		}
	}
	return names
}

// mayBeLoose: the rules of section 6 for a line of loose.jsonl.
func mayBeLoose(e event, own, disclosed map[string]bool) bool {
	for _, subject := range e.subjects {
		kind, _, _ := strings.Cut(subject, ":")
		if registerTypes[kind] || disclosed[subject] {
			return false
		}
	}
	for _, register := range registersOf(e) {
		if own[register] {
			return true
		}
	}
	return false
}

export interface paths {
    "/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Cases, the newest first; an officer’s own only
         * @description For: officer, custodian, auditor, supervisor.
         */
        get: {
            parameters: {
                query?: {
                    limit?: number;
                    after?: string;
                    search?: string;
                    partyId?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            cases: {
                                departments: string[];
                                fewerOfficers: {
                                    en: string;
                                    zh: string;
                                } | null;
                                id: string;
                                /** @enum {unknown} */
                                kind: "inspection" | "simple" | "general" | "no_penalty";
                                number: string;
                                officerIds: string[];
                                /** @description ISO 8601, UTC */
                                openedAt: string;
                                outsideNumber: string | null;
                                /** @description 参与人员: assistants, who never count among the two officers */
                                participantIds: string[];
                                partyId: string;
                                title: string;
                            }[];
                            next: string | null;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Open a case inside a party
         * @description For: officer, custodian. Custody event: `case.opened`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        departments: string[];
                        fewerOfficersReason?: string | null;
                        /** @enum {unknown} */
                        kind: "inspection" | "simple" | "general" | "no_penalty";
                        number: string;
                        /** @description certified officers; the law wants two */
                        officerIds: string[];
                        outsideNumber?: string | null;
                        /** @description 参与人员: assistants */
                        participantIds?: string[];
                        partyId: string;
                        title: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            number: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cases/{caseId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A case by id or number: its recordings and which of the six stages they cover
         * @description For: officer, custodian, auditor, supervisor.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    caseId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            departments: string[];
                            fewerOfficers: {
                                en: string;
                                zh: string;
                            } | null;
                            id: string;
                            /** @enum {unknown} */
                            kind: "inspection" | "simple" | "general" | "no_penalty";
                            number: string;
                            officerIds: string[];
                            /** @description ISO 8601, UTC */
                            openedAt: string;
                            outsideNumber: string | null;
                            /** @description 参与人员: assistants, who never count among the two officers */
                            participantIds: string[];
                            partyId: string;
                            recordings: {
                                /** @description ISO 8601, UTC */
                                attachedAt: string;
                                fewerOfficers: {
                                    en: string;
                                    zh: string;
                                } | null;
                                mediaKind: string;
                                officerIds: string[];
                                /** @description 参与人员: assistants, who never count among the two officers */
                                participantIds: string[];
                                recordingId: string;
                                /** @enum {unknown} */
                                stage: "initiation" | "investigation" | "review" | "decision" | "service" | "enforcement";
                                state: string;
                            }[];
                            stages: {
                                covered: boolean;
                                recordings: number;
                                /** @enum {unknown} */
                                stage: "initiation" | "investigation" | "review" | "decision" | "service" | "enforcement";
                            }[];
                            title: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cases/{caseId}/chain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every event of every recording of a case, in order, with its proof
         * @description For: custodian, auditor, supervisor. Custody event: `chain.read`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description read and hash every copy: takes long */
                    objects?: boolean;
                };
                header?: never;
                path: {
                    caseId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            case: {
                                id: string | null;
                                kind: string | null;
                                number: string;
                                openedAt: string | null;
                                title: string | null;
                            };
                            checkpoint: string | null;
                            /** @description in the order of the ledger */
                            events: {
                                actor: string;
                                actorName: string | null;
                                actorRole: string;
                                /** @description ISO 8601, UTC */
                                at: string;
                                /** @description the committed text (RFC 8785) */
                                body: string;
                                details: unknown;
                                id: string;
                                index: number | null;
                                kind: string;
                                /** @description Chinese */
                                kindName: string;
                                leafHash: string | null;
                                /** @description of a deputy: id of the person by whose commission he acted */
                                onBehalfOf?: string;
                                onBehalfOfName?: string;
                                /** @description lower-case hex */
                                salt: string;
                                subjects: {
                                    id: string;
                                    type: string;
                                }[];
                            }[];
                            /** @description What the service itself found. Who verifies believes only what he verified from the tiles. */
                            findings: {
                                code: string;
                                what: string;
                                where: string;
                            }[];
                            /** @description of each list that a dock signed the lines of this case, with the proof that they stand on it */
                            handIns: {
                                handInId: string;
                                lines: {
                                    line: {
                                        bytes: number;
                                        deviceTime: string | null;
                                        mark: boolean;
                                        /** @description base64 of the raw bytes */
                                        name: string;
                                        number: number;
                                        sha256: string | null;
                                    };
                                    /** @description RFC 6962 §2.1.1, from the leaf’s sibling up */
                                    path: string[];
                                    /** @description lower-case hex */
                                    salt: string;
                                }[];
                            }[];
                            /** @description older events of the registers, which had no subjects of their own then: nothing shows that these are all */
                            loose: {
                                actor: string;
                                actorName: string | null;
                                actorRole: string;
                                /** @description ISO 8601, UTC */
                                at: string;
                                /** @description the committed text (RFC 8785) */
                                body: string;
                                details: unknown;
                                id: string;
                                index: number | null;
                                kind: string;
                                /** @description Chinese */
                                kindName: string;
                                leafHash: string | null;
                                /** @description of a deputy: id of the person by whose commission he acted */
                                onBehalfOf?: string;
                                onBehalfOfName?: string;
                                /** @description lower-case hex */
                                salt: string;
                                subjects: {
                                    id: string;
                                    type: string;
                                }[];
                            }[];
                            recordings: {
                                bytes: number | null;
                                copies: {
                                    found: {
                                        bytes: number;
                                        legalHold: boolean;
                                        retainUntil: string | null;
                                        sha256: string | null;
                                    } | null;
                                    hostName: string;
                                    problem: string | null;
                                    /** @enum {unknown} */
                                    state: "stored" | "verified" | "damaged";
                                    store: string;
                                    versionId: string;
                                }[];
                                deviceSerial: string | null;
                                id: string;
                                name: {
                                    base64: string;
                                    text: string;
                                } | null;
                                sha256: string | null;
                                sm3: string | null;
                                stages: {
                                    /** @description ISO 8601, UTC */
                                    attachedAt: string;
                                    detachedAt: string | null;
                                    stage: string;
                                }[];
                                state: string | null;
                            }[];
                            subjects: {
                                /** @description how many of its events have a leaf */
                                count: number;
                                proof: string | null;
                                secret: string | null;
                                /** @description `type:id`: the case, whatever of footage belongs to it, and the registers of the people and things in it */
                                subject: string;
                            }[];
                            vrfPublicKey: string | null;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cases/{caseId}/packages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The packages of a case, the last first
         * @description For: custodian, auditor, supervisor.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    caseId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            packages: {
                                bytes: number | null;
                                /** @description of what it is made from, while it is being built */
                                bytesDone: number;
                                bytesTotal: number | null;
                                caseNumber: string;
                                checkpointSize: number | null;
                                decidedAt: string | null;
                                decidedBy: {
                                    id: string;
                                    name: string;
                                } | null;
                                decidedOnBehalfOf: {
                                    id: string;
                                    name: string;
                                } | null;
                                decisionReason: string | null;
                                expiresAt: string | null;
                                failure: string | null;
                                id: string;
                                isEncrypted: boolean;
                                purpose: string;
                                readyAt: string | null;
                                recipient: {
                                    name: string;
                                    organisation: string;
                                } | null;
                                /** @description of which it was said what they are to prove */
                                recordings: {
                                    deviceSerial: string;
                                    fromMs: number | null;
                                    name: string;
                                    originalMedium: string | null;
                                    /** @description 证明对象 */
                                    proves: string;
                                    recordingId: string;
                                    toMs: number | null;
                                    transcript: ("separate" | "no_speech") | null;
                                }[];
                                /** @description ISO 8601, UTC */
                                requestedAt: string;
                                requestedBy: {
                                    id: string;
                                    name: string;
                                };
                                sameSeat: {
                                    /** @enum {unknown} */
                                    by: "browser" | "address";
                                    minutesApart: number;
                                    with: {
                                        id: string;
                                        name: string;
                                    };
                                } | null;
                                sha256: string | null;
                                /** @enum {unknown} */
                                state: "awaiting_signature" | "queued" | "building" | "ready" | "refused" | "failed" | "expired";
                                thirdSignature: {
                                    /** @description ISO 8601, UTC */
                                    confirmBy: string;
                                    name: string;
                                    office: string;
                                    /** @enum {unknown} */
                                    state: "waits" | "confirmed" | "refused";
                                } | null;
                                withFootage: boolean;
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Ask for an evidence package; one with footage waits for the supervisor’s signature
         * @description For: custodian, auditor. Custody event: `package.requested`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    caseId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        purpose: string;
                        recipient?: {
                            name: string;
                            organisation: string;
                        };
                        /** @description age1… */
                        recipientKey?: string;
                        /** @description 证明对象 of each recording */
                        recordings?: {
                            /** @description 相关片段, milliseconds; both or neither */
                            fromMs?: number;
                            originalMedium?: string;
                            proves: string;
                            recordingId: string;
                            /** @description 相关片段, milliseconds; both or neither */
                            toMs?: number;
                            transcript: ("separate" | "no_speech") | null;
                        }[];
                        withFootage: boolean;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            /** @description recordings of the case without 证明对象 */
                            missingProves: number;
                            /** @enum {unknown} */
                            state: "awaiting_signature" | "queued";
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/checkpoint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The newest signed checkpoint, with the cosignatures it has */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description a signed note */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /** The newest signed checkpoint, with the cosignatures it has */
        head: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description a signed note */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        patch?: never;
        trace?: never;
    };
    "/checkpoint/witnessed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The newest checkpoint that enough witnesses cosigned */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description a signed note */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /** The newest checkpoint that enough witnesses cosigned */
        head: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description a signed note */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        patch?: never;
        trace?: never;
    };
    "/clearings/open": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Clearings that a dock announced and has not closed within an hour, or before it was revoked, the oldest first
         * @description For: custodian, auditor, supervisor, administrator.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            clearings: {
                                /** @description ISO 8601, UTC */
                                announcedAt: string;
                                deviceSerial: string;
                                dockName: string;
                                files: number;
                                givingUp: {
                                    /** @description ISO 8601, UTC */
                                    askedAt: string;
                                    askedBy: {
                                        id: string;
                                        name: string;
                                    };
                                    reason: string;
                                } | null;
                                handInId: string;
                                id: string;
                                isDockRevoked: boolean;
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/clearings/{clearingId}/giving-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask that a clearing be given up whose dock will never close it
         * @description For: custodian. Custody event: `clearing.giving_up_asked`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    clearingId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/clearings/{clearingId}/giving-up/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a clearing up, so that what became of its files is unknown, or refuse to
         * @description Each file of which the dock has said nothing gets an event `recording.not_cleared` as `outcome_unknown`. What the dock says later counts all the same. Cut off between the files, the same request again enters the others.
         *
         *     For: auditor, supervisor. Custody event: `clearing.given_up`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    clearingId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        confirm: boolean;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            sameSeat: {
                                /** @enum {unknown} */
                                by: "browser" | "address";
                                minutesApart: number;
                                with: {
                                    id: string;
                                    name: string;
                                };
                            } | null;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/custodian": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The custodian in office and the hand-over under way
         * @description For: officer, custodian, custodian_waiting, auditor, legal_reviewer, supervisor, administrator, assistant.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            custodian: {
                                name: string;
                                personId: string;
                                /** @description ISO 8601, UTC */
                                since: string;
                            } | null;
                            handover: {
                                absent: boolean;
                                fromPersonId: string;
                                id: string;
                                partsNeeded: ("outgoing" | "incoming" | "supervisor" | "legal_office")[];
                                /** @description ISO 8601, UTC */
                                proposedAt: string;
                                proposedBy: string;
                                reason: string;
                                signatures: {
                                    onBehalfOf: {
                                        id: string;
                                        name: string;
                                    } | null;
                                    /** @enum {unknown} */
                                    part: "outgoing" | "incoming" | "supervisor" | "legal_office";
                                    personId: string;
                                    sameSeat: {
                                        /** @enum {unknown} */
                                        by: "browser" | "address";
                                        minutesApart: number;
                                        with: {
                                            id: string;
                                            name: string;
                                        };
                                    } | null;
                                    /** @description ISO 8601, UTC */
                                    signedAt: string;
                                    third: {
                                        /** @description ISO 8601, UTC */
                                        confirmBy: string;
                                        name: string;
                                        office: string;
                                        /** @enum {unknown} */
                                        state: "waits" | "confirmed" | "refused";
                                    } | null;
                                }[];
                                toPersonId: string;
                                toPersonName: string;
                            } | null;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/custodian/handovers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Propose a hand-over; it takes effect when all have signed
         * @description Signed by outgoing, incoming and supervisor; when the custodian is absent by supervisor, legal office and incoming.
         *
         *     For: custodian, supervisor. Custody event: `custodian.handover_proposed`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        absent: boolean;
                        reason: string;
                        toPersonId: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/custodian/handovers/{handoverId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Withdraw a hand-over
         * @description For: custodian, supervisor. Custody event: `custodian.handover_withdrawn`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    handoverId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/custodian/handovers/{handoverId}/signatures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign a hand-over as what one is in it
         * @description For: custodian, custodian_waiting, auditor, supervisor. Custody event: `custodian.handover_signed`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    handoverId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            completed: boolean;
                            /** @enum {unknown} */
                            part: "outgoing" | "incoming" | "supervisor" | "legal_office";
                            sameSeat: {
                                /** @enum {unknown} */
                                by: "browser" | "address";
                                minutesApart: number;
                                with: {
                                    id: string;
                                    name: string;
                                };
                            } | null;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/deputyships": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every deputyship, the last named first
         * @description For: auditor, supervisor.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            deputyships: {
                                decidedAt: string | null;
                                decidedBy: {
                                    id: string;
                                    name: string;
                                } | null;
                                deputy: {
                                    id: string;
                                    name: string;
                                };
                                endedAt: string | null;
                                /** @description ISO 8601, UTC */
                                endsAt: string;
                                id: string;
                                /** @description ISO 8601, UTC */
                                namedAt: string;
                                reason: string;
                                /** @description ISO 8601, UTC */
                                startsAt: string;
                                /** @enum {unknown} */
                                state: "named" | "signed" | "refused" | "ended";
                                supervisor: {
                                    id: string;
                                    name: string;
                                };
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Name who acts in one’s own place for a time; an auditor must sign
         * @description At most 90 days. Without `startsAt` it begins when the auditor has signed.
         *
         *     For: supervisor. Custody event: `deputyship.named`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        deputyId: string;
                        /** @description ISO 8601; a day counts whole, to its end in Asia/Shanghai */
                        endsAt: string;
                        reason: string;
                        startsAt?: string | null;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/deputyships/{deputyshipId}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign a deputyship, or refuse it
         * @description For: auditor. Custody event: `deputyship.signed`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    deputyshipId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        approve: boolean;
                        reason?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            sameSeat: {
                                /** @enum {unknown} */
                                by: "browser" | "address";
                                minutesApart: number;
                                with: {
                                    id: string;
                                    name: string;
                                };
                            } | null;
                            /** @enum {unknown} */
                            state: "signed" | "refused";
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/deputyships/{deputyshipId}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a deputyship before its time
         * @description For: auditor, supervisor. Custody event: `deputyship.ended`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    deputyshipId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The device register
         * @description For: custodian, auditor, supervisor, administrator.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            devices: {
                                holderId: string | null;
                                id: string;
                                /** @enum {unknown} */
                                kind: "recorder" | "camera" | "audio_pen" | "drone" | "phone";
                                model: string | null;
                                /** @description ISO 8601, UTC */
                                registeredAt: string;
                                serial: string;
                                /** @enum {unknown} */
                                state: "in_service" | "in_repair" | "retired" | "lost" | "lent";
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Register a device
         * @description For: administrator. Custody event: `device.registered`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {unknown} */
                        kind: "recorder" | "camera" | "audio_pen" | "drone" | "phone";
                        model?: string | null;
                        serial: string;
                        /** @enum {unknown} */
                        state?: "in_service" | "in_repair";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/devices/{serial}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One device and how it stands
         * @description For: custodian, auditor, supervisor, administrator.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    serial: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            holderId: string | null;
                            /** @enum {unknown} */
                            kind: "recorder" | "camera" | "audio_pen" | "drone" | "phone";
                            lastHandInAt: string | null;
                            /** @description listed files without a receipt that holds now, and gaps that nobody has closed */
                            missing: {
                                files: number;
                                gaps: number;
                            };
                            model: string | null;
                            /** @description ISO 8601, UTC */
                            registeredAt: string;
                            serial: string;
                            /** @enum {unknown} */
                            state: "in_service" | "in_repair" | "retired" | "lost" | "lent";
                            waits: {
                                /** @enum {unknown} */
                                act: "repair" | "retire" | "lend" | "lose";
                                /** @description ISO 8601, UTC */
                                askedAt: string;
                                id: string;
                            } | null;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/devices/{serial}/act/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm or refuse that a device leaves while files of it have no receipt or gaps of it are open
         * @description For: auditor, supervisor. Custody event: `device.changed`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    serial: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        confirm: boolean;
                    };
                };
            };
            responses: {
                /** @description done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/devices/{serial}/checks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What docks found before each shift
         * @description For: custodian, auditor, supervisor, administrator.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    serial: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            checks: {
                                batteryPercent: number | null;
                                clockOffsetMs: number | null;
                                freePercent: number | null;
                                lastReceiptAt: string | null;
                                /** @description ISO 8601, UTC */
                                saidAt: string;
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/devices/{serial}/clock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far its clock was off at each hand-in, and when a dock set it
         * @description For: custodian, auditor, supervisor, administrator.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    serial: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            clock: {
                                /** @description ISO 8601, UTC */
                                at: string;
                                /** @description positive is fast */
                                offsetMs: number;
                                setTo: string | null;
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/devices/{serial}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The acts of its register, the newest first
         * @description For: custodian, auditor, supervisor, administrator.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    serial: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            history: {
                                actor: string;
                                actorRole: string;
                                /** @description ISO 8601, UTC */
                                at: string;
                                kind: string;
                                note: string | null;
                                words: {
                                    en: string;
                                    zh: string;
                                };
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/devices/{serial}/issue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Issue a device to a person, who confirms that he has it
         * @description For: supervisor, administrator. Custody event: `device.keeper_asked`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    serial: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        note: string;
                        toId: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/devices/{serial}/keeper": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask that a device be kept by a person, or go back to the unit; he confirms it
         * @description For: supervisor, administrator. Custody event: `device.keeper_asked`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    serial: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        holderId: string | null;
                        note: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/devices/{serial}/keeper/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm or refuse that one keeps a device from now on, or has given it back
         * @description By the person concerned, or by a supervisor in his place.
         *
         *     For: officer, supervisor, assistant. Custody event: `device.keeper_changed`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    serial: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        confirm: boolean;
                    };
                };
            };
            responses: {
                /** @description done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/devices/{serial}/loan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Lend a device to another office
         * @description For: administrator. Custody event: `device.changed`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    serial: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description whether the card was taken out before */
                        cardTakenOut: boolean;
                        lentTo: string;
                        note: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string | null;
                            missing: {
                                files: number;
                                gaps: number;
                            };
                            /**
                             * @description `waits`: files have no receipt or gaps are open, so a second person confirms it
                             * @enum {unknown}
                             */
                            outcome: "done" | "waits";
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/devices/{serial}/loss": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that a device is lost: when it was last handed in and what is missing goes into the event
         * @description For: administrator. Custody event: `device.changed`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    serial: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        note: string;
                        toldTo: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string | null;
                            missing: {
                                files: number;
                                gaps: number;
                            };
                            /**
                             * @description `waits`: files have no receipt or gaps are open, so a second person confirms it
                             * @enum {unknown}
                             */
                            outcome: "done" | "waits";
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/devices/{serial}/repair": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a device to repair
         * @description For: administrator. Custody event: `device.changed`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    serial: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description whether the card was taken out before */
                        cardTakenOut: boolean;
                        note: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string | null;
                            missing: {
                                files: number;
                                gaps: number;
                            };
                            /**
                             * @description `waits`: files have no receipt or gaps are open, so a second person confirms it
                             * @enum {unknown}
                             */
                            outcome: "done" | "waits";
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/devices/{serial}/retire": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Retire a device
         * @description For: administrator. Custody event: `device.changed`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    serial: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description whether the card was taken out before */
                        cardTakenOut: boolean;
                        note: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string | null;
                            missing: {
                                files: number;
                                gaps: number;
                            };
                            /**
                             * @description `waits`: files have no receipt or gaps are open, so a second person confirms it
                             * @enum {unknown}
                             */
                            outcome: "done" | "waits";
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/devices/{serial}/return": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a device back to the unit; whoever kept it confirms that he has given it back
         * @description For: supervisor, administrator. Custody event: `device.keeper_asked`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    serial: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        note: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/devices/{serial}/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a device to repair, retire it, or put it back into service
         * @description For: administrator. Custody event: `device.changed`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    serial: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        note: string;
                        /** @enum {unknown} */
                        state: "in_service" | "in_repair" | "retired";
                    };
                };
            };
            responses: {
                /** @description done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/devices/{serial}/taking-back": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a device back into service
         * @description For: administrator. Custody event: `device.changed`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    serial: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        note: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string | null;
                            missing: {
                                files: number;
                                gaps: number;
                            };
                            /**
                             * @description `waits`: files have no receipt or gaps are open, so a second person confirms it
                             * @enum {unknown}
                             */
                            outcome: "done" | "waits";
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dock-passes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Work cards and dock codes with their people, never a number; those that wait for their release first
         * @description For: auditor, supervisor, administrator.
         */
        get: {
            parameters: {
                query?: {
                    means?: "card" | "code";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            passes: {
                                /** @description ISO 8601, UTC */
                                givenAt: string;
                                givenBy: {
                                    id: string;
                                    name: string;
                                };
                                id: string;
                                /** @enum {unknown} */
                                means: "card" | "code";
                                person: {
                                    account: string;
                                    id: string;
                                    name: string;
                                };
                                releasedAt: string | null;
                                takenBackAt: string | null;
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Give an officer or assistant a work card, by its number, or a dock code, which is answered once
         * @description It counts once a supervisor or auditor has released it (POST /signatures/lists, dock_pass.released).
         *
         *     For: administrator. Custody event: `dock_pass.given`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description as a reader types it */
                        card: string;
                        /** @enum {string} */
                        means: "card";
                        personId: string;
                    } | {
                        /** @enum {string} */
                        means: "code";
                        personId: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            code: string | null;
                            id: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dock-passes/{passId}/taking-back": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a card or code back: from now on it makes nobody known
         * @description For: administrator. Custody event: `dock_pass.taken_back`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    passId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Docking stations
         * @description For: auditor, supervisor, administrator.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            docks: {
                                id: string;
                                name: string;
                                publicKey: string;
                                /** @description ISO 8601, UTC */
                                registeredAt: string;
                                releasedAt: string | null;
                                releasedBy: string | null;
                                revokedAt: string | null;
                                state: {
                                    attention: {
                                        slot: number | null;
                                        word: string;
                                    }[];
                                    /** @enum {unknown} */
                                    clock: "proven" | "unproven" | "off";
                                    offlineSince: string | null;
                                    /** @description what is to be looked at, also that it was not heard of for long */
                                    remarks: {
                                        en: string;
                                        zh: string;
                                    }[];
                                    /** @description ISO 8601, UTC */
                                    seenAt: string;
                                    slots: number;
                                    slotsUsed: number;
                                    spoolBytes: number;
                                    spoolUsedBytes: number;
                                    version: string;
                                    /** @description read at the dock, and not here yet */
                                    waitingBytes: number;
                                } | null;
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Register a docking station by its Ed25519 public key; it counts once a second person has released it
         * @description For: administrator. Custody event: `dock.registered`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                        /** @description 32 bytes in base64 */
                        publicKey: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            /** @description shown once */
                            token: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docks/enrolments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Codes that were made for new docks, the newest first; never the codes themselves
         * @description For: auditor, supervisor, administrator.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            enrolments: {
                                /** @description ISO 8601, UTC */
                                expiresAt: string;
                                /** @description the dock’s id, once it has enrolled */
                                id: string;
                                /** @description ISO 8601, UTC */
                                madeAt: string;
                                madeBy: string;
                                name: string;
                                usedAt: string | null;
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Make the one-time code with which a new dock enrols itself
         * @description The code is answered once. The dock counts once a second person has released it.
         *
         *     For: administrator. Custody event: `dock.enrolment_made`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        name: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description shown once */
                            code: string;
                            /** @description ISO 8601, UTC */
                            expiresAt: string;
                            id: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docks/{dockId}/code-limit/lift": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a dock take dock codes again on a day on which too many wrong ones were tried there
         * @description For: supervisor, administrator. Custody event: `identity.limit_lifted`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    dockId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docks/{dockId}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Release a dock that somebody else has registered: from now on its token counts
         * @description Compare the public key with the one that the dock itself shows before you sign.
         *
         *     For: auditor, supervisor. Custody event: `dock.released`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    dockId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docks/{dockId}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Revoke a dock’s token at once
         * @description For: administrator. Custody event: `dock.revoked`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    dockId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events/{eventId}/proof": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * An event with body, salt and proof, against the newest witnessed checkpoint, else the newest
         * @description For: custodian, auditor, supervisor. Custody event: `proof.read`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    eventId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description the event, RFC 8785 */
                            body: string;
                            checkpoint: {
                                /** @description ISO 8601, UTC */
                                at: string;
                                /** @description base64 */
                                root: string;
                                size: number;
                                witnessedAt: string | null;
                            };
                            /** @description the public entry, which commits to salt and body */
                            entry: string;
                            id: string;
                            index: number;
                            leafHash: string;
                            /** @description c2sp.org/tlog-proof */
                            proof: string;
                            salt: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/gaps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Gaps that wait first, the earliest due first; an officer’s own only
         * @description For: officer, custodian, auditor, supervisor, assistant.
         */
        get: {
            parameters: {
                query?: {
                    kind?: "time" | "number" | "not_read" | "missing_hand_in";
                    state?: "open" | "explained" | "accepted" | "returned" | "withdrawn";
                    overdue?: boolean;
                    handInId?: string;
                    deviceSerial?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            gaps: {
                                after: {
                                    name: string | null;
                                    number: number;
                                } | null;
                                before: {
                                    name: string | null;
                                    number: number;
                                } | null;
                                decision: {
                                    /** @description ISO 8601, UTC */
                                    at: string;
                                    by: {
                                        id: string;
                                        name: string;
                                    };
                                    reason: string | null;
                                } | null;
                                deviceSerial: string;
                                deviceState: ("in_service" | "in_repair" | "retired" | "lost" | "lent") | null;
                                /** @description ISO 8601, UTC */
                                dueAt: string;
                                explanations: {
                                    /** @description ISO 8601, UTC */
                                    at: string;
                                    by: {
                                        id: string;
                                        name: string;
                                    } | null;
                                    confirmBy: string | null;
                                    confirmedAt: string | null;
                                    /** @enum {unknown} */
                                    grade: "slot" | "card" | "code" | "password";
                                    gradeWords: {
                                        en: string;
                                        zh: string;
                                    };
                                    id: string;
                                    /** @description the service itself knew the person by that grade; else it is what somebody at the dock claimed */
                                    identified: boolean;
                                    isOwn: boolean | null;
                                    /** @enum {unknown} */
                                    reason: "battery" | "storage_full" | "device_fault" | "asked_by_party" | "operating_error" | "clock" | "not_used" | "still_on_duty" | "handed_in_elsewhere" | "lost" | "other";
                                    reasonWords: {
                                        en: string;
                                        zh: string;
                                    };
                                    saidAt: string | null;
                                    words: string | null;
                                }[];
                                /** @description ISO 8601, UTC */
                                foundAt: string;
                                fromTime: string | null;
                                handInId: string | null;
                                id: string;
                                /** @enum {unknown} */
                                kind: "time" | "number" | "not_read" | "missing_hand_in";
                                kindWords: {
                                    en: string;
                                    zh: string;
                                };
                                lengthMs: number | null;
                                /** @description lines of the list that had not come when the term was over */
                                lineNumbers: number[];
                                missingNumbers: number | null;
                                overdue: boolean;
                                person: {
                                    id: string;
                                    name: string;
                                } | null;
                                proposed: {
                                    /** @enum {unknown} */
                                    because: "battery" | "storage" | "clock";
                                    /** @enum {unknown} */
                                    reason: "battery" | "storage_full" | "device_fault" | "asked_by_party" | "operating_error" | "clock" | "not_used" | "still_on_duty" | "handed_in_elsewhere" | "lost" | "other";
                                    value: number;
                                } | null;
                                /** @enum {unknown} */
                                state: "open" | "explained" | "accepted" | "returned" | "withdrawn";
                                stateWords: {
                                    en: string;
                                    zh: string;
                                };
                                stillMissing: number | null;
                                toTime: string | null;
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/gaps/{gapId}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept an explanation, or return it with a reason
         * @description For: custodian. Custody event: `gap.accepted`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    gapId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        accept: boolean;
                        reason?: string | null;
                    };
                };
            };
            responses: {
                /** @description done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/gaps/{gapId}/explanations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Explain a gap of one’s own, or add to what was said; a supervisor, why nothing was handed in
         * @description For: officer, supervisor, assistant. Custody event: `gap.explained`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    gapId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {unknown} */
                        reason: "battery" | "storage_full" | "device_fault" | "asked_by_party" | "operating_error" | "clock" | "not_used" | "still_on_duty" | "handed_in_elsewhere" | "lost" | "other";
                        words?: string | null;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/gaps/{gapId}/explanations/{explanationId}/confirmation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say whether what was explained at a dock in one’s name is one’s own
         * @description For: officer, assistant. Custody event: `gap.confirmed`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    gapId: string;
                    explanationId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        isOwn: boolean;
                    };
                };
            };
            responses: {
                /** @description done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/hand-ins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Hand-ins, the last opened first; an officer’s own only
         * @description For: officer, custodian, auditor, supervisor, assistant.
         */
        get: {
            parameters: {
                query?: {
                    dockId?: string;
                    deviceSerial?: string;
                    personId?: string;
                    state?: "complete" | "incomplete";
                    /** @description ISO 8601; a day is meant from its midnight in Asia/Shanghai */
                    from?: string;
                    /** @description ISO 8601; a day counts whole, to its end in Asia/Shanghai */
                    to?: string;
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            handIns: {
                                clockOffsetMs: number | null;
                                /** @description as the dock signed it */
                                deviceSerial: string;
                                dock: {
                                    id: string;
                                    name: string;
                                };
                                files: {
                                    bytes: number;
                                    complete: number;
                                    duplicate: number;
                                    expected: number;
                                    marked: number;
                                    quarantined: number;
                                    /** @description issued, provisional ones among them */
                                    receipts: number;
                                    receiving: number;
                                    sealed: number;
                                    total: number;
                                };
                                gaps: {
                                    accepted: number;
                                    explained: number;
                                    open: number;
                                };
                                id: string;
                                /** @description a station’s test of itself: nobody’s hand-in, and never listed as incomplete */
                                isSelfTest: boolean;
                                isUserCorrected: boolean;
                                /** @description the dock’s list names another user than who counted when it came */
                                isUserDisputed: boolean;
                                /** @description ISO 8601, UTC */
                                openedAt: string;
                                openedAtByDock: string;
                                /** @enum {unknown} */
                                state: "complete" | "incomplete";
                                statements: number;
                                user: {
                                    id: string;
                                    name: string;
                                } | null;
                                /** @enum {unknown} */
                                userGrade: "confirmed" | "roster" | "register" | "unknown";
                                userGradeWords: {
                                    en: string;
                                    zh: string;
                                };
                            }[];
                            next: string | null;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/hand-ins/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Hand-ins of a span counted by dock, without anybody’s name; of the last day unless it is named. Whoever may not read hand-ins is told how much came on whole days that are over, without the days on which a dock had a single hand-in
         * @description For: custodian, auditor, supervisor, administrator.
         */
        get: {
            parameters: {
                query?: {
                    /** @description ISO 8601; a day is meant from its midnight in Asia/Shanghai */
                    from?: string;
                    /** @description ISO 8601; a day counts whole, to its end in Asia/Shanghai */
                    to?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            docks: {
                                dock: {
                                    id: string;
                                    name: string;
                                };
                                files: {
                                    bytes: number;
                                    complete: number;
                                    duplicate?: number;
                                    expected: number;
                                    marked?: number;
                                    quarantined?: number;
                                    /** @description issued, provisional ones among them */
                                    receipts?: number;
                                    receiving: number;
                                    sealed?: number;
                                    total: number;
                                };
                                gaps?: {
                                    accepted: number;
                                    explained: number;
                                    open: number;
                                    /** @description of the open ones: not explained although the term is over */
                                    overdue: number;
                                };
                                handIns: number;
                                /** @description with files of the list that have not come */
                                incomplete: number;
                                /** @description the station’s tests of itself, which count apart; incomplete: broken off */
                                selfTests: {
                                    incomplete: number;
                                    total: number;
                                };
                                withheld?: {
                                    days: number;
                                    words: {
                                        en: string;
                                        zh: string;
                                    };
                                } | null;
                            }[];
                            /** @description shifts after which nothing was handed in (应交未交), by when that was found */
                            missingHandIns?: {
                                accepted: number;
                                explained: number;
                                open: number;
                                /** @description of the open ones: not explained although the term is over */
                                overdue: number;
                            };
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/hand-ins/{handInId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A hand-in with its files, how each stands, gaps and what was said
         * @description For: officer, custodian, auditor, supervisor, assistant.
         */
        get: {
            parameters: {
                query?: {
                    fromNumber?: number;
                    limit?: number;
                };
                header?: never;
                path: {
                    handInId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            clearings: {
                                /** @description ISO 8601, UTC */
                                announcedAt: string;
                                endedAt: string | null;
                                files: {
                                    /** @enum {unknown} */
                                    basis: "witnessed" | "before_witness";
                                    number: number;
                                    outcome: ("cleared" | "gone" | "digest_differs" | "not_removed" | "kept" | "outcome_unknown") | null;
                                    recordingId: string;
                                }[];
                                fullPercent: number | null;
                                givenUpAt: string | null;
                                id: string;
                            }[];
                            clockOffsetMs: number | null;
                            corrections: {
                                /** @description ISO 8601, UTC */
                                askedAt: string;
                                askedBy: {
                                    id: string;
                                    name: string;
                                };
                                confirmed: boolean | null;
                                decidedAt: string | null;
                                decidedBy: {
                                    id: string;
                                    name: string;
                                } | null;
                                deviceSerial: string | null;
                                id: string;
                                reason: string;
                                user: {
                                    id: string;
                                    name: string;
                                } | null;
                            }[];
                            /** @description as the dock signed it */
                            deviceSerial: string;
                            dock: {
                                id: string;
                                name: string;
                            };
                            files: {
                                bytes: number;
                                complete: number;
                                duplicate: number;
                                expected: number;
                                marked: number;
                                quarantined: number;
                                /** @description issued, provisional ones among them */
                                receipts: number;
                                receiving: number;
                                sealed: number;
                                total: number;
                            };
                            gaps: {
                                accepted: number;
                                explained: number;
                                open: number;
                            };
                            gapsFound: {
                                after: {
                                    name: string | null;
                                    number: number;
                                } | null;
                                before: {
                                    name: string | null;
                                    number: number;
                                } | null;
                                decision: {
                                    /** @description ISO 8601, UTC */
                                    at: string;
                                    by: {
                                        id: string;
                                        name: string;
                                    };
                                    reason: string | null;
                                } | null;
                                deviceSerial: string;
                                deviceState: ("in_service" | "in_repair" | "retired" | "lost" | "lent") | null;
                                /** @description ISO 8601, UTC */
                                dueAt: string;
                                explanations: {
                                    /** @description ISO 8601, UTC */
                                    at: string;
                                    by: {
                                        id: string;
                                        name: string;
                                    } | null;
                                    confirmBy: string | null;
                                    confirmedAt: string | null;
                                    /** @enum {unknown} */
                                    grade: "slot" | "card" | "code" | "password";
                                    gradeWords: {
                                        en: string;
                                        zh: string;
                                    };
                                    id: string;
                                    /** @description the service itself knew the person by that grade; else it is what somebody at the dock claimed */
                                    identified: boolean;
                                    isOwn: boolean | null;
                                    /** @enum {unknown} */
                                    reason: "battery" | "storage_full" | "device_fault" | "asked_by_party" | "operating_error" | "clock" | "not_used" | "still_on_duty" | "handed_in_elsewhere" | "lost" | "other";
                                    reasonWords: {
                                        en: string;
                                        zh: string;
                                    };
                                    saidAt: string | null;
                                    words: string | null;
                                }[];
                                /** @description ISO 8601, UTC */
                                foundAt: string;
                                fromTime: string | null;
                                handInId: string | null;
                                id: string;
                                /** @enum {unknown} */
                                kind: "time" | "number" | "not_read" | "missing_hand_in";
                                kindWords: {
                                    en: string;
                                    zh: string;
                                };
                                lengthMs: number | null;
                                /** @description lines of the list that had not come when the term was over */
                                lineNumbers: number[];
                                missingNumbers: number | null;
                                overdue: boolean;
                                person: {
                                    id: string;
                                    name: string;
                                } | null;
                                proposed: {
                                    /** @enum {unknown} */
                                    because: "battery" | "storage" | "clock";
                                    /** @enum {unknown} */
                                    reason: "battery" | "storage_full" | "device_fault" | "asked_by_party" | "operating_error" | "clock" | "not_used" | "still_on_duty" | "handed_in_elsewhere" | "lost" | "other";
                                    value: number;
                                } | null;
                                /** @enum {unknown} */
                                state: "open" | "explained" | "accepted" | "returned" | "withdrawn";
                                stateWords: {
                                    en: string;
                                    zh: string;
                                };
                                stillMissing: number | null;
                                toTime: string | null;
                            }[];
                            id: string;
                            /** @description a station’s test of itself: nobody’s hand-in, and never listed as incomplete */
                            isSelfTest: boolean;
                            isUserCorrected: boolean;
                            /** @description the dock’s list names another user than who counted when it came */
                            isUserDisputed: boolean;
                            listed: {
                                bytes: number;
                                deviceTime: string | null;
                                mark: boolean;
                                name: {
                                    /** @description the raw bytes of the name */
                                    base64: string;
                                    text: string;
                                };
                                /** @description place in the list, from 0 */
                                number: number;
                                quarantineReason: string | null;
                                receipt: {
                                    index: number | null;
                                    message: string | null;
                                    reason: string | null;
                                    /** @enum {unknown} */
                                    state: "not_yet" | "provisional" | "witnessed";
                                };
                                recordingId: string | null;
                                recordingState: string | null;
                                sha256: string | null;
                                /** @enum {unknown} */
                                state: "expected" | "receiving" | "complete" | "sealed" | "quarantined" | "duplicate";
                                uploadId: string | null;
                            }[];
                            nextNumber: number | null;
                            /** @description ISO 8601, UTC */
                            openedAt: string;
                            openedAtByDock: string;
                            origin: {
                                from: string | null;
                                /** @enum {unknown} */
                                kind: "mass_storage" | "mtp" | "card" | "station_folder" | "export" | "phone" | "other" | "self_test";
                                words: {
                                    en: string;
                                    zh: string;
                                };
                            } | null;
                            /** @enum {unknown} */
                            state: "complete" | "incomplete";
                            statements: number;
                            statementsSaid: {
                                /** @description ISO 8601, UTC */
                                at: string;
                                by: {
                                    id: string;
                                    name: string;
                                } | null;
                                /** @enum {unknown} */
                                grade: "slot" | "card" | "code" | "password";
                                gradeWords: {
                                    en: string;
                                    zh: string;
                                };
                                id: string;
                                identified: boolean;
                                /** @enum {unknown} */
                                kind: "not_enforcement" | "no_number_yet";
                                kindWords: {
                                    en: string;
                                    zh: string;
                                };
                                /** @description lines of the list; empty for all */
                                lineNumbers: number[];
                                /** @description by the clock of the dock */
                                saidAt: string;
                                words: string | null;
                            }[];
                            user: {
                                id: string;
                                name: string;
                            } | null;
                            /** @enum {unknown} */
                            userGrade: "confirmed" | "roster" | "register" | "unknown";
                            userGradeWords: {
                                en: string;
                                zh: string;
                            };
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/hand-ins/{handInId}/corrections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask that the device or the user of a hand-in be corrected; what the dock signed stays beside it
         * @description For: custodian. Custody event: `hand_in.correction_asked`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    handInId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        deviceSerial?: string | null;
                        reason: string;
                        userId?: string | null;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/hand-ins/{handInId}/corrections/{correctionId}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm or refuse a correction: a supervisor, or the person whom it concerns
         * @description For: officer, supervisor, assistant. Custody event: `hand_in.corrected`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    handInId: string;
                    correctionId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        confirm: boolean;
                    };
                };
            };
            responses: {
                /** @description done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/hand-ins/{handInId}/receipt.html": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The slip of a whole hand-in: A4 with every file, or a roll of 80 mm with the sums
         * @description For: officer, custodian, auditor, supervisor, assistant.
         */
        get: {
            parameters: {
                query?: {
                    form?: "a4" | "roll";
                };
                header?: never;
                path: {
                    handInId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description the page, in Chinese, with a QR code */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/html": string;
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            status: "ok";
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ledger/consistency": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Proof that the tree of one published checkpoint begins with that of another */
        get: {
            parameters: {
                query: {
                    from: string;
                    to: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description the older checkpoint, a signed note */
                            from: string;
                            proof: string[];
                            /** @description the newer one */
                            to: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ledger/courier/exports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The newest checkpoint for a witness without network: a body of add-checkpoint (c2sp.org/tlog-witness)
         * @description For: auditor, administrator. Custody event: `courier.exported`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        witness: string;
                    };
                };
            };
            responses: {
                /** @description what the witness is to be given */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ledger/courier/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What a courier brought back: the signed checkpoint with the witness’s signature lines
         * @description For: auditor, administrator. Custody event: `courier.imported`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        note: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description it had been brought before: nothing changed */
                            again: boolean;
                            /** @description number of events */
                            size: number;
                            witness: string;
                            /** @description the policy’s quorum is met for this checkpoint */
                            witnessed: boolean;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ledger/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The log’s name and public keys
         * @description Every key that signs checkpoints or has signed them. Who verifies takes the keys from a place that this service does not govern, and compares.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description keys that sign together, until the next set begins */
                            keySets: {
                                /** @description leaves of the smallest checkpoint that this set signs */
                                from: number;
                                verifierKeys: string[];
                            }[];
                            origin: string;
                            verifierKeys: string[];
                            vrfPublicKey: string | null;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * The log’s name and public keys
         * @description Every key that signs checkpoints or has signed them. Who verifies takes the keys from a place that this service does not govern, and compares.
         */
        head: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description keys that sign together, until the next set begins */
                            keySets: {
                                /** @description leaves of the smallest checkpoint that this set signs */
                                from: number;
                                verifierKeys: string[];
                            }[];
                            origin: string;
                            verifierKeys: string[];
                            vrfPublicKey: string | null;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        patch?: never;
        trace?: never;
    };
    "/ledger/proofs/{index}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Proof of one entry against the newest witnessed checkpoint that covers it, else the newest */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    index: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description c2sp.org/tlog-proof */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ledger/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far the ledger is signed and witnessed, and how the talk with each witness stands
         * @description For: custodian, auditor, supervisor, administrator.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description number of events */
                            size: number;
                            unwitnessedSince: string | null;
                            witnessedAt: string | null;
                            witnessedSize: number | null;
                            witnesses: {
                                alarm: string | null;
                                /** @enum {unknown} */
                                kind: "online" | "courier";
                                lastError: string | null;
                                lastOkAt: string | null;
                                lastTriedAt: string | null;
                                name: string;
                                /** @description number of events */
                                size: number;
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ledger/timestamps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The time-stamps that are stored, the newest checkpoint first */
        get: {
            parameters: {
                query?: {
                    before?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            timestamps: {
                                authority: string;
                                /** @description ISO 8601, UTC */
                                receivedAt: string;
                                /** @description leaves of the checkpoint */
                                size: number;
                                /** @description ISO 8601, UTC */
                                stampedAt: string;
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Order a time-stamp over the newest checkpoint from every authority
         * @description For: custodian, auditor, supervisor. Custody event: `timestamp.requested`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            orderId: string;
                            /** @description leaves of the checkpoint */
                            size: number;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ledger/timestamps/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the last orders of time-stamps stand with each authority
         * @description For: custodian, auditor, supervisor, administrator.
         */
        get: {
            parameters: {
                query?: {
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            orders: {
                                authorities: {
                                    attempts: number;
                                    doneAt: string | null;
                                    lastError: string | null;
                                    name: string;
                                    nextAt: string | null;
                                }[];
                                id: string;
                                /** @enum {unknown} */
                                reason: "daily" | "demand" | "package";
                                /** @description ISO 8601, UTC */
                                requestedAt: string;
                                requestedBy: string | null;
                                /** @description leaves of the checkpoint */
                                size: number;
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ledger/timestamps/{size}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bytes that time-stamps over this size are of: the signed note as the log wrote it */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    size: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description a signed note */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ledger/timestamps/{size}/{authority}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A time-stamp as its authority gave it: TimeStampResp, DER */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    size: string;
                    authority: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description TimeStampResp, DER */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/timestamp-reply": string;
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notices/{noticeId}/seen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that one has seen a notice; it is shown no more
         * @description For: officer, custodian, custodian_waiting, auditor, legal_reviewer, supervisor, deputy, administrator, assistant. Custody event: `notice.seen`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    noticeId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/packages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The packages of all cases, the last asked for first, at most 500
         * @description For: custodian, auditor, supervisor.
         */
        get: {
            parameters: {
                query?: {
                    state?: "awaiting_signature" | "queued" | "building" | "ready" | "refused" | "failed" | "expired";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            packages: {
                                bytes: number | null;
                                /** @description of what it is made from, while it is being built */
                                bytesDone: number;
                                bytesTotal: number | null;
                                caseNumber: string;
                                checkpointSize: number | null;
                                decidedAt: string | null;
                                decidedBy: {
                                    id: string;
                                    name: string;
                                } | null;
                                decidedOnBehalfOf: {
                                    id: string;
                                    name: string;
                                } | null;
                                decisionReason: string | null;
                                expiresAt: string | null;
                                failure: string | null;
                                id: string;
                                isEncrypted: boolean;
                                purpose: string;
                                readyAt: string | null;
                                recipient: {
                                    name: string;
                                    organisation: string;
                                } | null;
                                /** @description of which it was said what they are to prove */
                                recordings: {
                                    deviceSerial: string;
                                    fromMs: number | null;
                                    name: string;
                                    originalMedium: string | null;
                                    /** @description 证明对象 */
                                    proves: string;
                                    recordingId: string;
                                    toMs: number | null;
                                    transcript: ("separate" | "no_speech") | null;
                                }[];
                                /** @description ISO 8601, UTC */
                                requestedAt: string;
                                requestedBy: {
                                    id: string;
                                    name: string;
                                };
                                sameSeat: {
                                    /** @enum {unknown} */
                                    by: "browser" | "address";
                                    minutesApart: number;
                                    with: {
                                        id: string;
                                        name: string;
                                    };
                                } | null;
                                sha256: string | null;
                                /** @enum {unknown} */
                                state: "awaiting_signature" | "queued" | "building" | "ready" | "refused" | "failed" | "expired";
                                thirdSignature: {
                                    /** @description ISO 8601, UTC */
                                    confirmBy: string;
                                    name: string;
                                    office: string;
                                    /** @enum {unknown} */
                                    state: "waits" | "confirmed" | "refused";
                                } | null;
                                withFootage: boolean;
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/packages/{packageId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far a package is; its size and digest when ready
         * @description For: custodian, auditor, supervisor.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    packageId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            bytes: number | null;
                            /** @description of what it is made from, while it is being built */
                            bytesDone: number;
                            bytesTotal: number | null;
                            caseNumber: string;
                            checkpointSize: number | null;
                            decidedAt: string | null;
                            decidedBy: {
                                id: string;
                                name: string;
                            } | null;
                            decidedOnBehalfOf: {
                                id: string;
                                name: string;
                            } | null;
                            decisionReason: string | null;
                            expiresAt: string | null;
                            failure: string | null;
                            id: string;
                            isEncrypted: boolean;
                            purpose: string;
                            readyAt: string | null;
                            recipient: {
                                name: string;
                                organisation: string;
                            } | null;
                            /** @description of which it was said what they are to prove */
                            recordings: {
                                deviceSerial: string;
                                fromMs: number | null;
                                name: string;
                                originalMedium: string | null;
                                /** @description 证明对象 */
                                proves: string;
                                recordingId: string;
                                toMs: number | null;
                                transcript: ("separate" | "no_speech") | null;
                            }[];
                            /** @description ISO 8601, UTC */
                            requestedAt: string;
                            requestedBy: {
                                id: string;
                                name: string;
                            };
                            sameSeat: {
                                /** @enum {unknown} */
                                by: "browser" | "address";
                                minutesApart: number;
                                with: {
                                    id: string;
                                    name: string;
                                };
                            } | null;
                            sha256: string | null;
                            /** @enum {unknown} */
                            state: "awaiting_signature" | "queued" | "building" | "ready" | "refused" | "failed" | "expired";
                            thirdSignature: {
                                /** @description ISO 8601, UTC */
                                confirmBy: string;
                                name: string;
                                office: string;
                                /** @enum {unknown} */
                                state: "waits" | "confirmed" | "refused";
                            } | null;
                            withFootage: boolean;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/packages/{packageId}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The second signature under a package with footage, or its refusal
         * @description For: supervisor. Custody event: `package.signed`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    packageId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        approve: boolean;
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            sameSeat: {
                                /** @enum {unknown} */
                                by: "browser" | "address";
                                minutesApart: number;
                                with: {
                                    id: string;
                                    name: string;
                                };
                            } | null;
                            /** @enum {unknown} */
                            state: "queued" | "refused";
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/packages/{packageId}/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The package’s file; a download that was cut goes on with Range
         * @description For: custodian, auditor. Custody event: `package.downloaded`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    packageId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description the whole file */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/octet-stream": string;
                        "application/zip": string;
                    };
                };
                /** @description the range that was asked for */
                206: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/octet-stream": string;
                        "application/zip": string;
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/parties": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Parties, the newest first; of an officer’s own cases only
         * @description For: officer, custodian, auditor, supervisor.
         */
        get: {
            parameters: {
                query?: {
                    limit?: number;
                    after?: string;
                    search?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            next: string | null;
                            parties: {
                                address: string | null;
                                code: string | null;
                                /** @description ISO 8601, UTC */
                                createdAt: string;
                                id: string;
                                /** @enum {unknown} */
                                kind: "household" | "shop" | "company" | "person";
                                name: string;
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Make a party
         * @description For: officer, custodian. Custody event: `party.created`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        address?: string | null;
                        code?: string | null;
                        /** @enum {unknown} */
                        kind: "household" | "shop" | "company" | "person";
                        name: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/parties/named": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Parties of exactly this name or code, to open a case for one that is there already
         * @description For: officer, custodian.
         */
        get: {
            parameters: {
                query: {
                    name: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            parties: {
                                id: string;
                                /** @enum {unknown} */
                                kind: "household" | "shop" | "company" | "person";
                                name: string;
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/parties/{partyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A party and its cases
         * @description For: officer, custodian, auditor, supervisor.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    partyId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            address: string | null;
                            cases: {
                                departments: string[];
                                fewerOfficers: {
                                    en: string;
                                    zh: string;
                                } | null;
                                id: string;
                                /** @enum {unknown} */
                                kind: "inspection" | "simple" | "general" | "no_penalty";
                                number: string;
                                officerIds: string[];
                                /** @description ISO 8601, UTC */
                                openedAt: string;
                                outsideNumber: string | null;
                                /** @description 参与人员: assistants, who never count among the two officers */
                                participantIds: string[];
                                partyId: string;
                                title: string;
                            }[];
                            code: string | null;
                            /** @description ISO 8601, UTC */
                            createdAt: string;
                            id: string;
                            /** @enum {unknown} */
                            kind: "household" | "shop" | "company" | "person";
                            name: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * People; the state of accounts only for who manages them or releases them
         * @description For: officer, custodian, auditor, supervisor, administrator.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            people: {
                                account: string;
                                awaitsRelease?: boolean;
                                certificateNumber: string | null;
                                disabledAt: string | null;
                                id: string;
                                lockedUntil?: string | null;
                                name: string;
                                officerNumber: string | null;
                                /** @enum {unknown} */
                                role: "officer" | "custodian" | "auditor" | "legal_reviewer" | "supervisor" | "deputy" | "administrator" | "assistant";
                                shutting?: {
                                    /** @description ISO 8601, UTC */
                                    askedAt: string;
                                    askedBy: string;
                                    reason: string;
                                } | null;
                                spare?: {
                                    place: string;
                                    sealNumber: string;
                                    /** @description ISO 8601, UTC */
                                    sealedAt: string;
                                    /** @enum {unknown} */
                                    state: "not_confirmed" | "sealed" | "opened" | "used" | "replaced";
                                } | null;
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Make an account; another person must release it
         * @description For: administrator. Custody event: `person.created`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        account: string;
                        certificateNumber?: string | null;
                        name: string;
                        officerNumber?: string | null;
                        /** @enum {unknown} */
                        role: "officer" | "custodian" | "auditor" | "legal_reviewer" | "supervisor" | "deputy" | "administrator" | "assistant";
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description ISO 8601, UTC */
                            expiresAt: string;
                            /** @description shown once; it opens nothing without the code of the release */
                            firstPassword: string;
                            id: string;
                            /** @description people in service who have this name already */
                            sameNameAs: string[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/people/openings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How accounts were opened, the last first: made or reset, released, stopped, used
         * @description For: custodian, auditor, supervisor, administrator.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            openings: {
                                /** @enum {unknown} */
                                cause: "created" | "reset";
                                confirmed: {
                                    /** @description ISO 8601, UTC */
                                    at: string;
                                    by: {
                                        account: string;
                                        id: string;
                                        name: string;
                                    };
                                } | null;
                                /** @description ISO 8601, UTC */
                                expiresAt: string;
                                id: string;
                                made: {
                                    /** @description ISO 8601, UTC */
                                    at: string;
                                    by: {
                                        account: string;
                                        id: string;
                                        name: string;
                                    };
                                };
                                person: {
                                    account: string;
                                    id: string;
                                    name: string;
                                    /** @enum {unknown} */
                                    role: "officer" | "custodian" | "auditor" | "legal_reviewer" | "supervisor" | "deputy" | "administrator" | "assistant";
                                };
                                released: {
                                    /** @description ISO 8601, UTC */
                                    at: string;
                                    by: {
                                        account: string;
                                        id: string;
                                        name: string;
                                    };
                                    /** @description ISO 8601, UTC */
                                    effectiveFrom: string;
                                    /** @enum {unknown} */
                                    office: "supervisor" | "auditor";
                                } | null;
                                stopped: {
                                    /** @description ISO 8601, UTC */
                                    at: string;
                                    by: {
                                        account: string;
                                        id: string;
                                        name: string;
                                    };
                                } | null;
                                usedAt: string | null;
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/people/{personId}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Shut an account for good
         * @description Of a supervisor, an auditor or the last administrator: ask for it with /shutting instead.
         *
         *     For: administrator. Custody event: `person.disabled`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    personId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/people/{personId}/password-reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a new first password; another person must release the account
         * @description For: auditor, supervisor, administrator. Custody event: `person.password_reset`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    personId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description ISO 8601, UTC */
                            expiresAt: string;
                            /** @description shown once; it opens nothing without the code of the release */
                            firstPassword: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/people/{personId}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say, as second person, that an account may be used
         * @description Supervisors and custodians are released by an auditor, auditors by a supervisor, others by either. Where nobody of that office is in service, the other releases and it takes effect after two working days. The other office may release besides at any time.
         *
         *     For: auditor, supervisor. Custody event: `person.released`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    personId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            code: string | null;
                            codeExpiresAt: string | null;
                            /** @description ISO 8601, UTC */
                            effectiveFrom: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/people/{personId}/release/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a release that has not taken effect yet
         * @description For: custodian, auditor, supervisor. Custody event: `person.release_stopped`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    personId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/people/{personId}/shutting": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask that the account of a supervisor, an auditor or the last administrator be shut
         * @description A supervisor or an auditor may ask so for any account.
         *
         *     For: auditor, supervisor, administrator. Custody event: `person.shut_asked`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    personId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/people/{personId}/shutting/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Shut, as second person, an account for good, or leave it open
         * @description For: auditor, supervisor. Custody event: `person.disabled`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    personId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        confirm: boolean;
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/people/{personId}/spare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make the code for an envelope that is sealed now; whoever is named with it confirms it
         * @description By the office that would release the account, or by another with it as second person: whoever seals an envelope cannot reset the account that it opens. An earlier envelope of the account counts until this one is confirmed.
         *
         *     For: custodian, auditor, supervisor. Custody event: `spare.sealed`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    personId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        place: string;
                        sealNumber: string;
                        withPersonId: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description shown once, for the envelope */
                            code: string;
                            id: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/people/{personId}/spare/confirmation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm, as the one with whom it was sealed, that the envelope has this seal and lies in its place
         * @description For: custodian, custodian_waiting, auditor, supervisor, administrator. Custody event: `spare.confirmed`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    personId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        sealNumber: string;
                    };
                };
            };
            responses: {
                /** @description done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/people/{personId}/spare/opening": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open an envelope as second person: its code counts from now on, once
         * @description With the first password of a reset it opens the account in one sign-in, without a wait.
         *
         *     For: custodian, custodian_waiting, auditor, supervisor, administrator. Custody event: `spare.opened`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    personId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        sealNumber: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description ISO 8601, UTC */
                            expiresAt: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/people/{personId}/spare/opening-request": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask that an envelope be opened; another person opens it with you
         * @description For: custodian, custodian_waiting, auditor, supervisor, administrator. Custody event: `spare.opening_asked`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    personId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        reason: string;
                        sealNumber: string;
                    };
                };
            };
            responses: {
                /** @description done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/quarantine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What lies in quarantine, the oldest first
         * @description For: custodian, auditor, supervisor.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            recordings: {
                                bytes: number;
                                deviceSerial: string;
                                name: {
                                    /** @description the raw bytes of the name */
                                    base64: string;
                                    text: string;
                                };
                                proposal: {
                                    /** @description ISO 8601, UTC */
                                    at: string;
                                    batchId: string | null;
                                    id: string;
                                    /** @enum {unknown} */
                                    outcome: "accept" | "keep_apart";
                                    proposedBy: {
                                        id: string;
                                        name: string;
                                    };
                                    reason: string;
                                } | null;
                                reason: string;
                                recordingId: string;
                                /** @description ISO 8601, UTC */
                                sealedAt: string;
                                sha256: string;
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/quarantine/batches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Propose what becomes of a whole card, or of what came of it in one hand-in, that stood on no signed list
         * @description At most 500 recordings, an event for each. Of equal files the first is accepted and the others are kept apart.
         *
         *     For: custodian. Custody event: `quarantine.proposed`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        deviceSerial: string;
                        handInId?: string | null;
                        /** @enum {unknown} */
                        outcome: "accept" | "keep_apart";
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            recordings: number;
                            /** @description kept apart: equal files of this card */
                            twins: number;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/quarantine/batches/{batchId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What waits of a batch, item by item, with the digest that is signed
         * @description For: custodian, auditor, supervisor.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    batchId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            /** @description in the order of the signed list */
                            items: {
                                bytes: number;
                                deviceSerial: string;
                                name: {
                                    /** @description the raw bytes of the name */
                                    base64: string;
                                    text: string;
                                };
                                /** @description as the signed list names it */
                                object: string;
                                /** @enum {unknown} */
                                outcome: "accept" | "keep_apart";
                                proposalId: string;
                                /** @description digest of the event that proposed it, as the signed list names it */
                                putUpSha256: string;
                                reason: string;
                                recordingId: string;
                                sha256: string;
                            }[];
                            /** @description digest of the list that is signed, as it is to be confirmed or turned down */
                            sha256: {
                                confirmed: string;
                                refused: string;
                            };
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/quarantine/batches/{batchId}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm all of a batch that still waits, or turn it down, by one signature over its list
         * @description For: supervisor. Custody event: `quarantine.resolved`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    batchId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        confirmed: boolean;
                        /** @description of the list as it was shown */
                        sha256: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            listId: string;
                            recordings: number;
                            sha256: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/quarantine/{recordingId}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm the proposal or turn it down
         * @description For: supervisor. Custody event: `quarantine.resolved`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    recordingId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        confirmed: boolean;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            outcome: ("accept" | "keep_apart") | null;
                            sameSeat: {
                                /** @enum {unknown} */
                                by: "browser" | "address";
                                minutesApart: number;
                                with: {
                                    id: string;
                                    name: string;
                                };
                            } | null;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/quarantine/{recordingId}/proposals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Propose what becomes of it
         * @description For: custodian. Custody event: `quarantine.proposed`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    recordingId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {unknown} */
                        outcome: "accept" | "keep_apart";
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            missing: {
                                [key: string]: string;
                            };
                            ready: boolean;
                        };
                    };
                };
                /** @description Default Response */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            missing: {
                                [key: string]: string;
                            };
                            ready: boolean;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/recordings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Recordings, the last sealed first; an officer’s own only
         * @description For: officer, custodian, auditor, supervisor, assistant.
         */
        get: {
            parameters: {
                query?: {
                    state?: "sealed" | "secured" | "damaged";
                    mark?: boolean;
                    quarantined?: boolean;
                    caseId?: string;
                    deviceSerial?: string;
                    /** @description ISO 8601; a day is meant from its midnight in Asia/Shanghai */
                    from?: string;
                    /** @description ISO 8601; a day counts whole, to its end in Asia/Shanghai */
                    to?: string;
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            next: string | null;
                            recordings: {
                                bytes: number;
                                clockOffsetMs: number | null;
                                correctedTime: string | null;
                                deviceSerial: string;
                                deviceTime: string | null;
                                deviceTimeText: string | null;
                                flags: string[];
                                id: string;
                                mark: boolean;
                                /** @enum {unknown} */
                                mediaKind: "video" | "audio" | "still" | "document" | "unknown";
                                name: {
                                    /** @description the raw bytes of the name */
                                    base64: string;
                                    text: string;
                                };
                                officerId: string | null;
                                quarantineEndedAt: string | null;
                                quarantineReason: string | null;
                                rendition: {
                                    durationMs: number | null;
                                    kind: ("video" | "audio" | "still") | null;
                                    method: ("remux" | "transcode_sound" | "transcode" | "copy" | "supplied") | null;
                                    reason: string | null;
                                    reasonZh: string | null;
                                    /** @enum {unknown} */
                                    state: "running" | "ready" | "not_playable";
                                    why: ("empty" | "zeros" | "text" | "playlist" | "document" | "archive" | "program" | "database" | "disk_image" | "camera_raw" | "animated_picture" | "still_without_tool" | "still_not_decodable" | "vendor_format" | "encrypted" | "unknown" | "undecodable" | "beyond_limit" | "no_picture_or_sound") | null;
                                } | null;
                                /** @description ISO 8601, UTC */
                                sealedAt: string;
                                securedAt: string | null;
                                sha256: string;
                                sm3: string | null;
                                /** @enum {unknown} */
                                state: "sealed" | "secured" | "damaged";
                                /**
                                 * @description how it is known whose recording it is
                                 * @enum {unknown}
                                 */
                                userGrade: "confirmed" | "roster" | "register" | "unknown";
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/recordings/{recordingId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A recording: state, copies, rendition, cases
         * @description For: officer, custodian, auditor, supervisor, assistant.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    recordingId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            bytes: number;
                            cases: {
                                caseId: string;
                                fewerOfficers: {
                                    en: string;
                                    zh: string;
                                } | null;
                                number: string;
                                officerIds: string[];
                                /** @description 参与人员: assistants, who never count among the two officers */
                                participantIds: string[];
                                /** @enum {unknown} */
                                stage: "initiation" | "investigation" | "review" | "decision" | "service" | "enforcement";
                                title: string;
                            }[];
                            clockOffsetMs: number | null;
                            copies: {
                                hostName: string;
                                legalHold: boolean;
                                /** @description ISO 8601, UTC */
                                retainUntil: string;
                                /** @enum {unknown} */
                                state: "stored" | "verified" | "damaged";
                                /** @enum {unknown} */
                                store: "primary" | "backup-a" | "backup-b";
                                verifiedAt: string | null;
                                versionId: string;
                            }[];
                            correctedTime: string | null;
                            corrections: {
                                /** @description ISO 8601, UTC */
                                askedAt: string;
                                askedBy: {
                                    id: string;
                                    name: string;
                                };
                                confirmed: boolean | null;
                                decidedAt: string | null;
                                decidedBy: {
                                    id: string;
                                    name: string;
                                } | null;
                                deviceSerial: string | null;
                                id: string;
                                reason: string;
                                user: {
                                    id: string;
                                    name: string;
                                } | null;
                            }[];
                            deviceSerial: string;
                            deviceTime: string | null;
                            deviceTimeText: string | null;
                            flags: string[];
                            id: string;
                            inventory: {
                                bytes: number;
                                sha256: string;
                                summary: {
                                    clocks: {
                                        name: string;
                                        value: string;
                                    }[];
                                    /** count */
                                    clocksInAll: number;
                                    /** ms */
                                    foundMs: number;
                                    gaps: {
                                        /** ms */
                                        fromMs: number;
                                        /** count */
                                        stream: number;
                                        /** ms */
                                        toMs: number;
                                    }[];
                                    /** count */
                                    gapsInAll: number;
                                    leftOut: string[];
                                    /** count */
                                    leftOutInAll: number;
                                    statedMs: number | null;
                                    tracks: {
                                        codec: string | null;
                                        encrypted: boolean;
                                        endMs: number | null;
                                        firstMs: number | null;
                                        /** @enum {unknown} */
                                        kind: "picture" | "sound" | "attached_picture" | "subtitle" | "data";
                                        /** count */
                                        packets: number;
                                        picture: {
                                            /** count */
                                            height: number;
                                            /** count */
                                            rotation: number;
                                            /** count */
                                            width: number;
                                        } | null;
                                        sound: {
                                            /** count */
                                            channels: number;
                                            /** count */
                                            sampleRate: number;
                                        } | null;
                                        /** count */
                                        stream: number;
                                    }[];
                                    /** count */
                                    tracksInAll: number;
                                };
                                /** @description ISO 8601, UTC */
                                takenAt: string;
                                tool: string;
                            } | null;
                            mark: boolean;
                            /** @enum {unknown} */
                            mediaKind: "video" | "audio" | "still" | "document" | "unknown";
                            name: {
                                /** @description the raw bytes of the name */
                                base64: string;
                                text: string;
                            };
                            officerId: string | null;
                            origin: {
                                from: string | null;
                                /** @enum {unknown} */
                                kind: "mass_storage" | "mtp" | "card" | "station_folder" | "export" | "phone" | "other" | "self_test";
                                words: {
                                    en: string;
                                    zh: string;
                                };
                            } | null;
                            /** @description whether a viewing shows the preview now: the first minute alone, made before the original was compared with the sealed digest */
                            preview: boolean;
                            quarantineEndedAt: string | null;
                            quarantineReason: string | null;
                            rendition: {
                                check: {
                                    differences?: {
                                        /** count */
                                        channel?: number;
                                        /** ms */
                                        foundMs?: number;
                                        /** ms */
                                        fromMs?: number;
                                        /** ms */
                                        statedMs?: number;
                                        /** ms */
                                        toMs?: number;
                                        /** count */
                                        track?: number;
                                        /** @enum {unknown} */
                                        what: "shorter_than_stated" | "damaged" | "sound_missing" | "sound_differs" | "sound_displaced" | "picture_differs" | "picture_displaced" | "length_differs" | "trimmed_by_camera" | "begins_between_key_frames" | "size_changes" | "clock_jumps" | "not_upright" | "supplied_by_vendor_player" | "one_of_several" | "lower_part_missing";
                                    }[];
                                    foundMs: number | null;
                                    holes?: {
                                        /** ms */
                                        fromMs: number;
                                        /** ms */
                                        toMs: number;
                                        /** count */
                                        track: number;
                                        /** @enum {unknown} */
                                        why: "damaged" | "missing";
                                    }[];
                                    notShown?: {
                                        detail?: string;
                                        /** count */
                                        stream: number;
                                        /** @enum {unknown} */
                                        why: "encrypted" | "undecodable" | "beyond_limit" | "text_track" | "data_track" | "attached_picture";
                                    }[];
                                    notes: {
                                        en: string[];
                                        zh: string[];
                                    };
                                    originalWasChecked: boolean;
                                    statedMs: number | null;
                                } | null;
                                durationMs: number | null;
                                kind: ("video" | "audio" | "still") | null;
                                method: ("remux" | "transcode_sound" | "transcode" | "copy" | "supplied") | null;
                                reason: string | null;
                                reasonZh: string | null;
                                /** @enum {unknown} */
                                state: "running" | "ready" | "not_playable";
                                tracks: {
                                    channels: number[] | null;
                                    codecs: string | null;
                                    durationMs: number | null;
                                    /** @enum {unknown} */
                                    kind: "video" | "audio" | "still";
                                    /** @description numbers of the original’s own streams */
                                    streams: number[];
                                    /** @description 0 is the main one */
                                    track: number;
                                }[];
                                why: ("empty" | "zeros" | "text" | "playlist" | "document" | "archive" | "program" | "database" | "disk_image" | "camera_raw" | "animated_picture" | "still_without_tool" | "still_not_decodable" | "vendor_format" | "encrypted" | "unknown" | "undecodable" | "beyond_limit" | "no_picture_or_sound") | null;
                            } | null;
                            /** @description ISO 8601, UTC */
                            sealedAt: string;
                            securedAt: string | null;
                            sha256: string;
                            sm3: string | null;
                            /** @enum {unknown} */
                            state: "sealed" | "secured" | "damaged";
                            statements: {
                                /** @description ISO 8601, UTC */
                                at: string;
                                by: {
                                    id: string;
                                    name: string;
                                } | null;
                                /** @enum {unknown} */
                                grade: "slot" | "card" | "code" | "password";
                                gradeWords: {
                                    en: string;
                                    zh: string;
                                };
                                id: string;
                                identified: boolean;
                                /** @enum {unknown} */
                                kind: "not_enforcement" | "no_number_yet";
                                kindWords: {
                                    en: string;
                                    zh: string;
                                };
                                /** @description lines of the list; empty for all */
                                lineNumbers: number[];
                                /** @description by the clock of the dock */
                                saidAt: string;
                                words: string | null;
                            }[];
                            user: {
                                id: string;
                                name: string;
                            } | null;
                            /**
                             * @description how it is known whose recording it is
                             * @enum {unknown}
                             */
                            userGrade: "confirmed" | "roster" | "register" | "unknown";
                            userGradeWords: {
                                en: string;
                                zh: string;
                            };
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/recordings/{recordingId}/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Attach a recording to a case with its stage, its officers and the assistants who took part
         * @description For: officer, custodian. Custody event: `recording.attached`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    recordingId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        caseId: string;
                        fewerOfficersReason?: string | null;
                        /** @description certified officers; the law wants two */
                        officerIds: string[];
                        /** @description 参与人员: assistants */
                        participantIds?: string[];
                        /** @enum {unknown} */
                        stage: "initiation" | "investigation" | "review" | "decision" | "service" | "enforcement";
                    };
                };
            };
            responses: {
                /** @description done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/recordings/{recordingId}/cases/{caseId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take a recording out of a case
         * @description For: custodian. Custody event: `recording.detached`.
         */
        delete: {
            parameters: {
                query: {
                    reason: string;
                };
                header?: never;
                path: {
                    recordingId: string;
                    caseId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/recordings/{recordingId}/inventory": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everything that one look at the whole file found: its tracks, their times, what the file says of itself
         * @description For: officer, custodian, auditor, supervisor, assistant.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    recordingId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description the inventory in canonical JSON, with the recorded digest */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": string;
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/recordings/{recordingId}/receipt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The receipt that the dock was given, with its proof, or why there is none yet
         * @description For: officer, custodian, auditor, supervisor, assistant.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    recordingId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            message: string | null;
                            reason: string | null;
                            receipt: {
                                /** @description the event, RFC 8785 */
                                body: string;
                                checkpoint: {
                                    /** @description ISO 8601, UTC */
                                    at: string;
                                    /** @description base64 */
                                    root: string;
                                    size: number;
                                    witnessedAt: string | null;
                                };
                                /** @description the public entry, which commits to salt and body */
                                entry: string;
                                id: string;
                                index: number;
                                leafHash: string;
                                /** @description c2sp.org/tlog-proof */
                                proof: string;
                                salt: string;
                            } | null;
                            recordingId: string;
                            /** @enum {unknown} */
                            state: "not_yet" | "provisional" | "witnessed";
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/recordings/{recordingId}/receipt.html": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The same as one page of A4, with a QR code
         * @description For: officer, custodian, auditor, supervisor, assistant.
         */
        get: {
            parameters: {
                query?: {
                    lang?: "zh" | "en";
                };
                header?: never;
                path: {
                    recordingId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description the page, in Chinese unless `lang` says otherwise */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/html": string;
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/recordings/{recordingId}/supplied-renditions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The films that were supplied for a recording, the last first
         * @description For: custodian, auditor, supervisor.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    recordingId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            supplies: {
                                bytes: number;
                                decidedAt: string | null;
                                decidedBy: {
                                    id: string;
                                    name: string;
                                } | null;
                                decidedOnBehalfOf: {
                                    id: string;
                                    name: string;
                                } | null;
                                failure: string | null;
                                how: string;
                                id: string;
                                /** @description ISO 8601, UTC */
                                proposedAt: string;
                                proposedBy: {
                                    id: string;
                                    name: string;
                                };
                                reason: string | null;
                                recordingId: string;
                                sameSeat: {
                                    /** @enum {unknown} */
                                    by: "browser" | "address";
                                    minutesApart: number;
                                    with: {
                                        id: string;
                                        name: string;
                                    };
                                } | null;
                                sha256: string;
                                /** @enum {unknown} */
                                state: "proposed" | "refused" | "making" | "ready" | "failed";
                                thirdSignature: {
                                    /** @description ISO 8601, UTC */
                                    confirmBy: string;
                                    name: string;
                                    office: string;
                                    /** @enum {unknown} */
                                    state: "waits" | "confirmed" | "refused";
                                } | null;
                                tool: string;
                                toolVersion: string;
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Supply a film that was made with the vendor’s own player, for a recording that cannot be played
         * @description The body is the film, application/octet-stream, of at most 34359738368 bytes, with its Content-Length. A second person decides on it; what is shown then always says that it was decrypted with the vendor’s software.
         *
         *     For: custodian. Custody event: `rendition.supply_proposed`.
         */
        post: {
            parameters: {
                query: {
                    /** @description name of the vendor’s program */
                    tool: string;
                    /** @description its version, as it shows it */
                    toolVersion: string;
                    /** @description how the film was made with it */
                    how: string;
                };
                header?: never;
                path: {
                    recordingId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            id: string;
                            sha256: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/recordings/{recordingId}/supplied-renditions/{supplyId}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm a supplied film, of which a rendition is then made, or refuse it
         * @description For: supervisor. Custody event: `rendition.supplied`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    recordingId: string;
                    supplyId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        confirm: boolean;
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            sameSeat: {
                                /** @enum {unknown} */
                                by: "browser" | "address";
                                minutesApart: number;
                                with: {
                                    id: string;
                                    name: string;
                                };
                            } | null;
                            /** @enum {unknown} */
                            state: "making" | "refused";
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/recordings/{recordingId}/viewings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open a viewing of a recording for a purpose (调阅事由)
         * @description For: custodian. Custody event: `viewing.opened`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    recordingId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        caseId?: string;
                        purpose: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            durationMs: number | null;
                            grantedToMs: number;
                            /** @description true: only the first minute, made before the original was compared with the sealed digest; durationMs is its own */
                            isPreview: boolean;
                            /** @enum {unknown} */
                            kind: "video" | "audio" | "still";
                            /** @description ISO 8601, UTC */
                            leaseUntil: string;
                            playlist: string | null;
                            still: string | null;
                            tracks: {
                                channels: number[] | null;
                                durationMs: number | null;
                                /** @enum {unknown} */
                                kind: "video" | "audio" | "still";
                                playlist: string | null;
                                /** @description numbers of the original’s own streams */
                                streams: number[];
                                /** @description 0 is the main one */
                                track: number;
                            }[];
                            unwitnessedSince: string | null;
                            viewingId: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/rosters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lines of the roster that have a moment in this span; a day before and after now unless it is named
         * @description For: custodian, auditor, supervisor.
         */
        get: {
            parameters: {
                query?: {
                    /** @description ISO 8601; a day is meant from its midnight in Asia/Shanghai */
                    from?: string;
                    /** @description ISO 8601; a day counts whole, to its end in Asia/Shanghai */
                    to?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            lines: {
                                day: string;
                                /** @description ISO 8601, UTC */
                                from: string;
                                id: string;
                                personId: string;
                                serial: string | null;
                                /** @description ISO 8601, UTC */
                                to: string;
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Enter a roster of a CSV text; it replaces the lines of the days that it names
         * @description Columns person (account or officer number), device (serial or empty), day (2026-12-01), from, to (08:30, in Asia/Shanghai; not later than `from`: on the next day), or 人员,设备,日期,开始,结束. Refused as a whole when a line is wrong; the same roster again changes nothing.
         *
         *     For: supervisor. Custody event: `roster.entered`.
         */
        post: {
            parameters: {
                query?: {
                    preview?: boolean;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        csv: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            added: {
                                day: string;
                                /** @description ISO 8601, UTC */
                                from: string;
                                personId: string;
                                serial: string | null;
                                /** @description ISO 8601, UTC */
                                to: string;
                            }[];
                            days: string[];
                            preview: boolean;
                            unchanged: number;
                            withdrawn: {
                                day: string;
                                /** @description ISO 8601, UTC */
                                from: string;
                                id: string;
                                personId: string;
                                serial: string | null;
                                /** @description ISO 8601, UTC */
                                to: string;
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/seats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What stops while nobody, any one person or any two are away
         * @description For the working days of the setting seats.away_working_days. A new account can wait for the return.
         *
         *     For: custodian, auditor, supervisor, administrator.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            absences: {
                                away: string[];
                                outcomes: {
                                    /** @enum {unknown} */
                                    act: "handover" | "release" | "shutting" | "package" | "quarantine" | "setting" | "dock_release" | "keeper_change" | "deputyship" | "supplied_film" | "new_account";
                                    by: {
                                        /** @enum {unknown} */
                                        part: "proposes" | "decides" | "confirms" | "outgoing" | "incoming" | "supervisor" | "legal_office" | "first_password" | "releases" | "opens_spare" | "acts";
                                        people: string[];
                                    }[];
                                    /** @description ISO 8601, UTC */
                                    from: string;
                                    personId: string | null;
                                    role: ("officer" | "custodian" | "auditor" | "legal_reviewer" | "supervisor" | "deputy" | "administrator" | "assistant") | null;
                                    /**
                                     * @description the worst of the whole time
                                     * @enum {unknown}
                                     */
                                    state: "possible" | "after_wait" | "after_handover" | "stops";
                                }[];
                            }[];
                            /** @description ISO 8601, UTC */
                            from: string;
                            people: {
                                account: string;
                                id: string;
                                inOffice: boolean;
                                name: string;
                                /** @enum {unknown} */
                                role: "officer" | "custodian" | "auditor" | "legal_reviewer" | "supervisor" | "deputy" | "administrator" | "assistant";
                            }[];
                            /** @description ISO 8601, UTC */
                            until: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is signed in
         * @description For: officer, custodian, custodian_waiting, auditor, legal_reviewer, supervisor, deputy, administrator, assistant.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {unknown} */
                            actingRole: "officer" | "custodian" | "custodian_waiting" | "auditor" | "legal_reviewer" | "supervisor" | "deputy" | "administrator" | "assistant";
                            /** @description ISO 8601, UTC */
                            expiresAt: string;
                            mustChangePassword: boolean;
                            notices: {
                                /** @description ISO 8601, UTC */
                                at: string;
                                id: string;
                                kind: string;
                                text: {
                                    en: string;
                                    zh: string;
                                };
                                /** @description work that stays until it is done; others go when they are acknowledged */
                                waits: boolean;
                            }[];
                            onBehalfOf: {
                                id: string;
                                name: string;
                            } | null;
                            person: {
                                id: string;
                                name: string;
                                /** @enum {unknown} */
                                role: "officer" | "custodian" | "auditor" | "legal_reviewer" | "supervisor" | "deputy" | "administrator" | "assistant";
                            };
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Sign in
         * @description A new or reset account takes first password and release code together; that session can only set a password.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        account: string;
                        /** @description of the release, the first time */
                        code?: string;
                        password: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description ISO 8601, UTC */
                            expiresAt: string;
                            mustChangePassword: boolean;
                            person: {
                                id: string;
                                name: string;
                                /** @enum {unknown} */
                                role: "officer" | "custodian" | "auditor" | "legal_reviewer" | "supervisor" | "deputy" | "administrator" | "assistant";
                            };
                            /** @description for Authorization: Bearer; browsers use the cookie */
                            token: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        /**
         * Sign out
         * @description For: officer, custodian, custodian_waiting, auditor, legal_reviewer, supervisor, deputy, administrator, assistant. Custody event: `session.ended`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/session/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change one’s own password
         * @description At least 12 characters. Ends the other sessions.
         *
         *     For: officer, custodian, custodian_waiting, auditor, legal_reviewer, supervisor, deputy, administrator, assistant. Custody event: `person.password_changed`.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        new: string;
                        old: string;
                    };
                };
            };
            responses: {
                /** @description done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every setting: its value, what comes, and the open proposal with what it would do
         * @description For: custodian, auditor, supervisor, administrator.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            settings: {
                                coming: {
                                    decidedAt: string | null;
                                    decidedBy: {
                                        id: string;
                                        name: string;
                                    } | null;
                                    id: string;
                                    /** @description ISO 8601, UTC */
                                    proposedAt: string;
                                    proposedBy: {
                                        id: string;
                                        name: string;
                                    };
                                    /** @description the rule or decision that says so */
                                    source: string;
                                    /** @enum {unknown} */
                                    state: "proposed" | "accepted" | "refused" | "withdrawn";
                                    /** @description ISO 8601, UTC */
                                    validFrom: string;
                                    /** @description of the shape that the setting has */
                                    value: unknown;
                                }[];
                                current: {
                                    decidedAt: string | null;
                                    decidedBy: {
                                        id: string;
                                        name: string;
                                    } | null;
                                    id: string;
                                    /** @description ISO 8601, UTC */
                                    proposedAt: string;
                                    proposedBy: {
                                        id: string;
                                        name: string;
                                    };
                                    /** @description the rule or decision that says so */
                                    source: string;
                                    /** @enum {unknown} */
                                    state: "proposed" | "accepted" | "refused" | "withdrawn";
                                    /** @description ISO 8601, UTC */
                                    validFrom: string;
                                    /** @description of the shape that the setting has */
                                    value: unknown;
                                } | null;
                                key: string;
                                name: {
                                    en: string;
                                    zh: string;
                                };
                                open: {
                                    decidedAt: string | null;
                                    decidedBy: {
                                        id: string;
                                        name: string;
                                    } | null;
                                    /** @description what the change does, a sentence each */
                                    effect: {
                                        en: string;
                                        zh: string;
                                    }[];
                                    id: string;
                                    /** @description ISO 8601, UTC */
                                    proposedAt: string;
                                    proposedBy: {
                                        id: string;
                                        name: string;
                                    };
                                    /** @description the rule or decision that says so */
                                    source: string;
                                    /** @enum {unknown} */
                                    state: "proposed" | "accepted" | "refused" | "withdrawn";
                                    /** @description ISO 8601, UTC */
                                    validFrom: string;
                                    /** @description of the shape that the setting has */
                                    value: unknown;
                                } | null;
                                /** @description of the shape that the setting has */
                                standard: unknown;
                                /** @description of the shape that the setting has */
                                value: unknown;
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/settings/{key}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every version of a setting that was ever proposed, the last first
         * @description For: custodian, auditor, supervisor, administrator.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description as `GET /settings` lists it */
                    key: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            versions: {
                                decidedAt: string | null;
                                decidedBy: {
                                    id: string;
                                    name: string;
                                } | null;
                                id: string;
                                /** @description ISO 8601, UTC */
                                proposedAt: string;
                                proposedBy: {
                                    id: string;
                                    name: string;
                                };
                                /** @description the rule or decision that says so */
                                source: string;
                                /** @enum {unknown} */
                                state: "proposed" | "accepted" | "refused" | "withdrawn";
                                /** @description ISO 8601, UTC */
                                validFrom: string;
                                /** @description of the shape that the setting has */
                                value: unknown;
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/settings/{key}/proposals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Propose another value; with `preview` only says what it would do
         * @description Without `validFrom` it holds as soon as it is accepted.
         *
         *     For: custodian, auditor, supervisor, administrator. Custody event: `setting.proposed`.
         */
        post: {
            parameters: {
                query?: {
                    preview?: boolean;
                };
                header?: never;
                path: {
                    /** @description as `GET /settings` lists it */
                    key: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        source: string;
                        validFrom?: string | null;
                        /** @description of the shape that the setting has */
                        value: unknown;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description what the change does, a sentence each */
                            effect: {
                                en: string;
                                zh: string;
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description what the change does, a sentence each */
                            effect: {
                                en: string;
                                zh: string;
                            }[];
                            id: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/settings/{key}/proposals/{proposalId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Withdraw one’s own proposal
         * @description For: custodian, auditor, supervisor, administrator. Custody event: `setting.withdrawn`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description as `GET /settings` lists it */
                    key: string;
                    proposalId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/settings/{key}/proposals/{proposalId}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept or refuse a proposal of somebody else
         * @description For: auditor, supervisor. Custody event: `setting.changed`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description as `GET /settings` lists it */
                    key: string;
                    proposalId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        accept: boolean;
                        reason?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            sameSeat: {
                                /** @enum {unknown} */
                                by: "browser" | "address";
                                minutesApart: number;
                                with: {
                                    id: string;
                                    name: string;
                                };
                            } | null;
                            /** @enum {unknown} */
                            state: "accepted" | "refused";
                            /** @description ISO 8601, UTC */
                            validFrom: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/signatures/lists": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decide several light acts of one kind by one signature, all or none
         * @description At most 20 items, each named by its id and the proposal that was looked at; of quarantine those of one card or of one reason, of accounts those of officers and assistants. A change of a keeper, a dock, and a card or code for docks are named twice by their own id. An item that cannot be decided is named, and nothing is decided then. With `preview` nothing is decided: the list is shown in words, with the digest that is signed.
         *
         *     For: officer, auditor, supervisor, assistant. Custody event: `quarantine.resolved`.
         */
        post: {
            parameters: {
                query?: {
                    preview?: boolean;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description false turns all of them down */
                        confirmed: boolean;
                        items: {
                            /** @description one of: quarantine.resolved, person.released, device.keeper_changed, dock.released, dock_pass.released */
                            act: string;
                            id: string;
                            proposalId: string;
                        }[];
                        /** @description of the list as the preview showed it */
                        sha256?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                en: string;
                                id: string;
                                proposalId: string;
                                zh: string;
                            }[];
                            listId: string;
                            sha256: string;
                        };
                    };
                };
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: {
                                code: string | null;
                                id: string;
                                outcome: string | null;
                            }[];
                            listId: string;
                            sha256: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/signatures/third": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Third signatures, the last added first, and whether an auditor has confirmed them
         * @description For: custodian, custodian_waiting, auditor, supervisor.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            signatures: {
                                act: string;
                                /** @description ISO 8601, UTC */
                                addedAt: string;
                                addedBy: {
                                    id: string;
                                    name: string;
                                };
                                /** @description ISO 8601, UTC */
                                confirmBy: string;
                                id: string;
                                name: string;
                                office: string;
                                scanSha256: string;
                                /** @enum {unknown} */
                                state: "waits" | "confirmed" | "refused";
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        /**
         * Add, by the digest of its scan, a sheet that somebody of another office signed by hand
         * @description It counts at once for an act whose names are not enough, unless another sheet of the matter was refused or ran out, and is to be confirmed by an auditor by `confirmBy`. It is added by somebody who does not sign the act, and signed by nobody who does. `subjectId`: the package, the recording, the outgoing custodian, the device by its serial, the dock, the setting, the deputy, or the person whose account it is; `matter`: the proposal, the supplied film, the hand-over, the change of a keeper, the deputyship, or the spare code.
         *
         *     For: custodian, custodian_waiting, auditor, supervisor. Custody event: `signature.third_added`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {unknown} */
                        act: "custodian.handover_signed" | "package.signed" | "quarantine.resolved" | "clearing.given_up" | "rendition.supplied" | "setting.changed" | "deputyship.signed" | "device.keeper_changed" | "dock.released" | "person.released" | "person.disabled" | "spare.confirmed" | "spare.opened";
                        matter?: string | null;
                        name: string;
                        office: string;
                        scanSha256: string;
                        subjectId: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description ISO 8601, UTC */
                            confirmBy: string;
                            id: string;
                            putUpSha256: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/signatures/third/{thirdId}/decision": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm that the sheet is there and signed by whom it says, or say that it is not so
         * @description For: auditor. Custody event: `signature.third_confirmed`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    thirdId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        confirm: boolean;
                        reason?: string | null;
                    };
                };
            };
            responses: {
                /** @description done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/spares": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Envelopes with spare codes: seals, places, and how each stands; the last sealed first
         * @description For: custodian, custodian_waiting, auditor, supervisor, administrator.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            spares: {
                                askedAt: string | null;
                                askedBy: {
                                    id: string;
                                    name: string;
                                } | null;
                                confirmedAt: string | null;
                                expiresAt: string | null;
                                id: string;
                                openedAt: string | null;
                                openedBy: {
                                    id: string;
                                    name: string;
                                } | null;
                                person: {
                                    id: string;
                                    name: string;
                                };
                                place: string;
                                sealNumber: string;
                                /** @description ISO 8601, UTC */
                                sealedAt: string;
                                sealedBy: {
                                    id: string;
                                    name: string;
                                };
                                sealedWith: {
                                    id: string;
                                    name: string;
                                };
                                /** @enum {unknown} */
                                state: "not_confirmed" | "sealed" | "opened" | "used" | "replaced";
                                usedAt: string | null;
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/storage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Health of the three stores: numbers only, nothing of any recording
         * @description For: auditor, supervisor, administrator.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            stores: {
                                clockOffsetMs: number | null;
                                copies: {
                                    damaged: number;
                                    stored: number;
                                    verified: number;
                                };
                                hostName: string;
                                name: string;
                                reachable: boolean;
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/supplied-renditions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The supplied films that wait for a decision, the oldest first
         * @description For: custodian, auditor, supervisor.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            supplies: {
                                bytes: number;
                                decidedAt: string | null;
                                decidedBy: {
                                    id: string;
                                    name: string;
                                } | null;
                                decidedOnBehalfOf: {
                                    id: string;
                                    name: string;
                                } | null;
                                failure: string | null;
                                how: string;
                                id: string;
                                /** @description ISO 8601, UTC */
                                proposedAt: string;
                                proposedBy: {
                                    id: string;
                                    name: string;
                                };
                                reason: string | null;
                                recordingId: string;
                                sameSeat: {
                                    /** @enum {unknown} */
                                    by: "browser" | "address";
                                    minutesApart: number;
                                    with: {
                                        id: string;
                                        name: string;
                                    };
                                } | null;
                                sha256: string;
                                /** @enum {unknown} */
                                state: "proposed" | "refused" | "making" | "ready" | "failed";
                                thirdSignature: {
                                    /** @description ISO 8601, UTC */
                                    confirmBy: string;
                                    name: string;
                                    office: string;
                                    /** @enum {unknown} */
                                    state: "waits" | "confirmed" | "refused";
                                } | null;
                                tool: string;
                                toolVersion: string;
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tile/{*}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A hash tile (tile/<L>/<N>[.p/<W>]) or entry bundle (tile/entries/<N>[.p/<W>]) */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    "*": string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description the tile’s bytes */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/octet-stream": string;
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /** A hash tile (tile/<L>/<N>[.p/<W>]) or entry bundle (tile/entries/<N>[.p/<W>]) */
        head: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    "*": string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description the tile’s bytes */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/octet-stream": string;
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        patch?: never;
        trace?: never;
    };
    "/viewings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every viewing with the seconds that were served, the last first
         * @description For: custodian, auditor, supervisor.
         */
        get: {
            parameters: {
                query?: {
                    recordingId?: string;
                    personId?: string;
                    /** @description only those opened while the ledger was unwitnessed for too long */
                    unwitnessed?: boolean;
                    after?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            next: string | null;
                            viewings: {
                                caseNumber: string | null;
                                endKind: ("closed" | "expired" | "lost") | null;
                                endedAt: string | null;
                                id: string;
                                /** @description ISO 8601, UTC */
                                openedAt: string;
                                personId: string;
                                personName: string;
                                purpose: string;
                                recordingId: string;
                                servedBytes: number;
                                servedMs: number;
                                servedRanges: {
                                    fromMs: number;
                                    toMs: number;
                                }[];
                                /** @description by track, when another than the main one was served */
                                servedTracks: {
                                    ms: number;
                                    ranges: {
                                        fromMs: number;
                                        toMs: number;
                                    }[];
                                    /** @description 0 is the main one */
                                    track: number;
                                }[];
                                unwitnessedSince: string | null;
                            }[];
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/viewings/{viewingId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a viewing
         * @description For: custodian. Custody event: `viewing.ended`.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    viewingId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/viewings/{viewingId}/playlist.m3u8": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * HLS multivariant playlist
         * @description For: custodian. Custody event: `viewing.ended`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    viewingId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description RFC 8216 */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/vnd.apple.mpegurl": string;
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/viewings/{viewingId}/renewals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Renew the lease for 60 s and grant the next 60 s of film from a position on
         * @description For: custodian. Custody event: `viewing.renewed`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    viewingId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        positionMs: number;
                        /** @description 0 is the main one */
                        track?: number;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            grantedFromMs: number;
                            grantedToMs: number;
                            /** @description ISO 8601, UTC */
                            leaseUntil: string;
                        };
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/viewings/{viewingId}/still": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Still picture
         * @description For: custodian. Custody event: `viewing.ended`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    viewingId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description JPEG */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "image/jpeg": string;
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/viewings/{viewingId}/thumbnails/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Thumbnail of granted film
         * @description For: custodian. Custody event: `viewing.ended`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    viewingId: string;
                    number: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description JPEG */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "image/jpeg": string;
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/viewings/{viewingId}/tracks/{track}/init": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Initialisation section of a track
         * @description For: custodian. Custody event: `viewing.ended`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    viewingId: string;
                    /** @description 0 is the main one */
                    track: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description fragmented MP4 */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "audio/mp4": string;
                        "video/mp4": string;
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/viewings/{viewingId}/tracks/{track}/playlist.m3u8": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * HLS media playlist of one track
         * @description For: custodian. Custody event: `viewing.ended`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    viewingId: string;
                    /** @description 0 is the main one */
                    track: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description RFC 8216 */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/vnd.apple.mpegurl": string;
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/viewings/{viewingId}/tracks/{track}/segments/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Media segment of a track
         * @description For: custodian. Custody event: `viewing.ended`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    viewingId: string;
                    /** @description 0 is the main one */
                    track: number;
                    number: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description fragmented MP4 */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "audio/mp4": string;
                        "video/mp4": string;
                    };
                };
                /** @description Default Response */
                "4XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
                /** @description Default Response */
                "5XX": {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Error"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** Error */
        Error: {
            error: {
                /** @description a word of the fault table; programs decide by it */
                code: string;
                details?: {
                    [key: string]: unknown;
                };
                /** @description written for the person who reads it */
                message: string;
            };
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;

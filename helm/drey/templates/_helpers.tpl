{{/* Names as those of the Apache operator's chart: "true" or nothing. */}}
{{- define "drey.apacheNames" -}}
{{- if (.Values.compatibility).apacheNames }}true{{ end -}}
{{- end -}}

{{/*
The prefix of the names of this release, so that two releases share none. Empty for a release that is called as the chart, and for
one that has its Deployment from a chart without prefixes, since the selector of a Deployment cannot be changed.
*/}}
{{- define "drey.prefix" -}}
{{- if not (or (eq .Release.Name .Chart.Name) (include "drey.apacheNames" .) (include "drey.hasNoPrefix" .)) }}{{ .Release.Name }}-{{ end -}}
{{- end -}}

{{- define "drey.hasNoPrefix" -}}
{{- if .Release.IsUpgrade -}}
{{- $name := default .Chart.Name .Values.fullnameOverride -}}
{{- $found := lookup "apps/v1" "Deployment" .Release.Namespace $name -}}
{{- $of := dict "root" . "apiVersion" "apps/v1" "kind" "Deployment" "namespace" .Release.Namespace "name" $name -}}
{{- if and $found (not (include "drey.belongsToOthers" $of)) -}}
{{- if eq .Chart.Name (index (default dict $found.spec.selector.matchLabels) "app.kubernetes.io/name" | default "") -}}true{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Name of the Deployment and of the app.kubernetes.io/name label. */}}
{{- define "drey.name" -}}
{{- $name := ternary "flink-kubernetes-operator" (print (include "drey.prefix" .) .Chart.Name) (eq (include "drey.apacheNames" .) "true") -}}
{{- default $name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "drey.fullname" -}}
{{- default (include "drey.name" .) .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "drey.container" -}}
{{- ternary "flink-kubernetes-operator" "operator" (eq (include "drey.apacheNames" .) "true") -}}
{{- end -}}

{{/* An account that exists already is called as one without a prefix. */}}
{{- define "drey.operatorServiceAccount" -}}
{{- $account := .Values.operatorServiceAccount -}}
{{- default (print (ternary (include "drey.prefix" .) "" $account.create) "flink-operator") $account.name -}}
{{- end -}}

{{- define "drey.configMap" -}}
{{- print (ternary (include "drey.prefix" .) "" .Values.defaultConfiguration.create) "flink-operator-config" -}}
{{- end -}}

{{/*
The name of a role of the operator, or of a binding. Those of the whole cluster, and those in watched namespaces, are told apart by
namespace and name of the release; a namespace has no dot. Arguments: root, of (operatorRole or operatorRoleBinding), for.
*/}}
{{- define "drey.operatorRbac" -}}
{{- $object := index .root.Values.rbac .of -}}
{{- $default := ternary "flink-operator" "flink-operator-role-binding" (eq .of "operatorRole") -}}
{{- print (default $default $object.name) .for -}}
{{- if and $object.create (not $object.name) (not (include "drey.apacheNames" .root)) }}.{{ .root.Release.Namespace }}.{{ .root.Release.Name }}{{ end -}}
{{- end -}}

{{- define "drey.selectorLabels" -}}
app.kubernetes.io/name: {{ include "drey.name" . | quote }}
{{- end -}}

{{- define "drey.labels" -}}
{{ include "drey.selectorLabels" . }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | quote }}
{{- end -}}

{{- define "drey.image" -}}
{{- $apache := "(^|/)apache/flink-kubernetes-operator$" -}}
{{- if regexMatch $apache .Values.image.repository -}}
{{- fail (printf "image.repository: found %q, the image of the Apache operator, must be one of Drey. Set image.repository and image.tag, and image.digest if you have it." .Values.image.repository) -}}
{{- end -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}
{{- end -}}

{{/* The namespaces to watch, as a JSON list; empty for all. */}}
{{- define "drey.watched" -}}
{{- $watched := default list .Values.watchNamespaces -}}
{{- if kindIs "string" $watched -}}
{{- fail (printf "watchNamespaces: found %q, must be a list. Write watchNamespaces: [%s], or --set 'watchNamespaces={%s}'." $watched $watched $watched) -}}
{{- end -}}
{{- toJson $watched -}}
{{- end -}}

{{/* Where job service accounts and their roles belong, as a JSON list. */}}
{{- define "drey.jobNamespaces" -}}
{{- default (list .Release.Namespace) (include "drey.watched" . | fromJsonArray) | toJson -}}
{{- end -}}

{{/*
"true" when an object is there already and belongs to somebody else: the Apache operator's chart leaves its job service account,
role and binding behind on uninstall. They are used as they are then. Arguments: root, apiVersion, kind, namespace, name.
*/}}
{{- define "drey.belongsToOthers" -}}
{{- $found := lookup .apiVersion .kind .namespace .name -}}
{{- if $found -}}
{{- $annotations := default dict $found.metadata.annotations -}}
{{- $release := index $annotations "meta.helm.sh/release-name" | default "" -}}
{{- $releaseNamespace := index $annotations "meta.helm.sh/release-namespace" | default "" -}}
{{- if or (ne $release .root.Release.Name) (ne $releaseNamespace .root.Release.Namespace) -}}true{{- end -}}
{{- end -}}
{{- end -}}

{{/* The kind of role that a binding refers to: names of built-in ClusterRoles have a colon. Arguments: name, kind. */}}
{{- define "drey.roleKind" -}}
{{- if contains ":" .name -}}ClusterRole{{- else -}}{{ .kind }}{{- end -}}
{{- end -}}

{{/* A value as text, as Kubernetes wants it: 42, true and 1.5 as they were typed. */}}
{{- define "drey.text" -}}
{{- if kindIs "string" . }}{{ . }}{{ else }}{{ toRawJson . }}{{ end -}}
{{- end -}}

{{/*
A tree with its leaves as texts, except those of some keys; null is left out. {"is": tree} as JSON.
Arguments: tree, except (a list of keys).
*/}}
{{- define "drey.texts" -}}
{{- $except := default list .except -}}
{{- $is := "" -}}
{{- if kindIs "map" .tree -}}
{{- $is = dict -}}
{{- range $key, $value := .tree -}}
{{- if kindIs "invalid" $value -}}
{{- else if has $key $except -}}
{{- $_ := set $is $key $value -}}
{{- else -}}
{{- $_ := set $is $key (include "drey.texts" (dict "tree" $value "except" $except) | fromJson).is -}}
{{- end -}}
{{- end -}}
{{- else if kindIs "slice" .tree -}}
{{- $is = list -}}
{{- range .tree -}}{{- $is = append $is (include "drey.texts" (dict "tree" . "except" $except) | fromJson).is -}}{{- end -}}
{{- else -}}
{{- $is = include "drey.text" .tree -}}
{{- end -}}
{{- dict "is" $is | toJson -}}
{{- end -}}

{{/* The same as YAML. */}}
{{- define "drey.asTexts" -}}
{{- (include "drey.texts" . | fromJson).is | toYaml -}}
{{- end -}}

{{/* Environment variables, with their values as text. */}}
{{- define "drey.env" -}}
{{- include "drey.asTexts" (dict "tree" . "except" (list "optional")) -}}
{{- end -}}

{{/* Containers, with the values of their environment as text. */}}
{{- define "drey.containers" -}}
{{- $containers := list -}}
{{- range . -}}
{{- $container := deepCopy . -}}
{{- if .env }}{{ $_ := set $container "env" (include "drey.env" .env | fromYamlArray) }}{{ end -}}
{{- $containers = append $containers $container -}}
{{- end -}}
{{- toYaml $containers -}}
{{- end -}}

{{/*
A list of the chart with one of the user after it, which wins where both have the same key; Kubernetes takes a key once. As YAML.
Arguments: chart, user, key.
*/}}
{{- define "drey.with" -}}
{{- $user := default list .user -}}
{{- $taken := dict -}}
{{- $key := .key -}}
{{- range $user }}{{ $_ := set $taken (get . $key | toString) true }}{{ end -}}
{{- $list := list -}}
{{- range .chart }}{{ if not (hasKey $taken (get . $key | toString)) }}{{ $list = append $list . }}{{ end }}{{ end -}}
{{- concat $list $user | toYaml -}}
{{- end -}}

{{/* Puts a tree of settings into a dictionary, keys joined with dots, values as text. Arguments: into, prefix, tree. */}}
{{- define "drey.flatten" -}}
{{- range $key, $value := .tree -}}
{{- if kindIs "map" $value -}}
{{- include "drey.flatten" (dict "into" $.into "prefix" (printf "%s%s." $.prefix $key) "tree" $value) -}}
{{- else if not (kindIs "invalid" $value) -}}
{{- $_ := set $.into (print $.prefix $key) (include "drey.text" $value) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The settings in a text of configuration, flat, as JSON. Arguments: file (config.yaml or flink-conf.yaml), text. */}}
{{- define "drey.flat" -}}
{{- $flat := dict -}}
{{- if eq .file "flink-conf.yaml" -}}
{{- range splitList "\n" .text -}}
{{- $line := regexReplaceAll "#.*" . "" -}}
{{- if contains ": " $line -}}
{{- $pair := regexSplit ": " $line 2 -}}
{{- $_ := set $flat (index $pair 0 | trim) (index $pair 1 | trim | trimAll "\"'") -}}
{{- end -}}
{{- end -}}
{{- else -}}
{{- include "drey.flatten" (dict "into" $flat "prefix" "" "tree" (fromYaml .text)) -}}
{{- end -}}
{{- toJson $flat -}}
{{- end -}}

{{/* The configuration that the values have: {"file": name, "text": text, "flat": its settings} as JSON. */}}
{{- define "drey.configuration" -}}
{{- $conf := .Values.defaultConfiguration -}}
{{- $yaml := index $conf "config.yaml" | default "" -}}
{{- $lines := index $conf "flink-conf.yaml" | default "" -}}
{{- if and $yaml $lines -}}
{{- fail "defaultConfiguration: both config.yaml and flink-conf.yaml are set, and only one can be read. Set the other one to null." -}}
{{- end -}}
{{- $file := ternary "flink-conf.yaml" "config.yaml" (ne $lines "") -}}
{{- $text := ternary $lines $yaml (ne $lines "") -}}
{{- if $yaml -}}
{{- $text = regexReplaceAll "\\A(\\s*(#.*)?\\n)*---[ \\t]*(#.*)?(\\n|\\z)" $yaml "" -}}
{{- $parsed := fromYaml $text -}}
{{- if hasKey $parsed "Error" -}}
{{- fail (printf "defaultConfiguration.\"config.yaml\": found a text that is no YAML map (%s), must be keys with values. Correct it." $parsed.Error) -}}
{{- end -}}
{{- if regexMatch "(?m)^---(\\s|$)" $text -}}
{{- fail "defaultConfiguration.\"config.yaml\": found a line ---, must be one document. Put all keys into one." -}}
{{- end -}}
{{- /* It goes on after lines of the chart, which have no indentation. */}}
{{- $first := regexFind "(?m)^ *[^ #\\r\\n]" $text -}}
{{- with regexFind "^ +" $first }}{{ $text = regexReplaceAll (printf "(?m)^%s" .) $text "" }}{{ end -}}
{{- end -}}
{{- dict "file" $file "text" $text "flat" (include "drey.flat" (dict "file" $file "text" $text) | fromJson) | toJson -}}
{{- end -}}

{{/* Settings that follow from the chart's values, and with append its defaults, as JSON. A setting in defaultConfiguration wins. */}}
{{- define "drey.builtInSettings" -}}
{{- $settings := dict -}}
{{- if .Values.defaultConfiguration.append }}{{ $settings = .Files.Get "conf/defaults.yaml" | fromYaml }}{{ end -}}
{{- $_ := set $settings "kubernetes.operator.health.probe.enabled" "true" -}}
{{- $_ := set $settings "kubernetes.operator.health.probe.port" (toString .Values.operatorHealth.port) -}}
{{- with include "drey.watched" . | fromJsonArray }}
{{- $_ := set $settings "kubernetes.operator.watched.namespaces" (join "," .) -}}
{{- end -}}
{{- with .Values.plugins.volumes }}
{{- $folders := list -}}
{{- range $name := keys . | sortAlpha }}{{ $folders = append $folders (printf "/opt/drey/plugins.d-%s" $name) }}{{ end -}}
{{- $_ := set $settings "drey.plugins.directories" (join "," $folders) -}}
{{- end -}}
{{- with .Values.plugins.required }}
{{- $_ := set $settings "drey.plugins.required" (join "," .) -}}
{{- end -}}
{{- with .Values.plugins.integrity }}
{{- if has .mode (list "warn" "enforce") }}{{ $_ := set $settings "drey.plugins.integrity" .mode }}{{ end -}}
{{- with .allowedSha256 }}{{ $_ := set $settings "drey.plugins.allowed-sha256" (join "," .) }}{{ end -}}
{{- with .publicKeys }}
{{- $keys := list -}}
{{- range . }}{{ $keys = append $keys (regexReplaceAll "-----[A-Z ]+-----|\\s" . "") }}{{ end -}}
{{- $_ := set $settings "drey.plugins.public-keys" (join "," $keys) -}}
{{- end -}}
{{- end -}}
{{- $given := (include "drey.configuration" . | fromJson).flat -}}
{{- range $key := keys $given }}{{ $_ := unset $settings $key }}{{ end -}}
{{- toJson $settings -}}
{{- end -}}

{{/*
The part of the ConfigMap's data whose change has to restart the operator: settings that are read at the start, and its logging. All
else is read again when it changes, unless that is switched off.
*/}}
{{- define "drey.readAtStart" -}}
{{- $flat := dict -}}
{{- range $file := list "config.yaml" "flink-conf.yaml" -}}
{{- with index $ $file -}}{{- $flat = merge $flat (include "drey.flat" (dict "file" $file "text" .) | fromJson) -}}{{- end -}}
{{- end -}}
{{- if eq (get $flat "kubernetes.operator.dynamic.config.enabled") "false" -}}
{{- toJson . -}}
{{- else -}}
{{- $settings := list "reconcile\\." "reconciler\\." "retry\\." "flink\\.client\\." "observer\\.flink\\.client\\." "watched\\." "label\\.selector" "health\\." "termination\\." "leader-election\\." "startup\\." "dynamic\\.config\\." -}}
{{- $read := printf "^(kubernetes\\.operator\\.(%s)|drey\\.(admin\\.port|plugins\\.(store|call-deadline)))" (join "|" $settings) -}}
{{- range $key, $value := $flat -}}
{{- if regexMatch $read $key }}{{ $key }}: {{ $value }}
{{ end -}}
{{- end -}}
{{- index . "log4j-operator.properties" -}}
{{- end -}}
{{- end -}}

{{/* Whether there is a volume for the second plugin folder. */}}
{{- define "drey.hasPluginVolume" -}}
{{- if or .Values.plugins.volume .Values.plugins.initContainers -}}true{{- end -}}
{{- end -}}

{{/* Sections of configuration by plugin id, as JSON. */}}
{{- define "drey.pluginSections" -}}
{{- $sections := deepCopy (default dict .Values.plugins.config) -}}
{{- with .Values.tenants.settings -}}
{{- if hasKey $sections "tenants" }}{{ fail "plugins.config.tenants: tenants.settings is set, too. Put all of it into one of the two." }}{{ end -}}
{{- $_ := set $sections "tenants" . -}}
{{- end -}}
{{- $sections | toJson -}}
{{- end -}}

{{- /* "true" when the configuration asks for leader election, or is not the chart's. */}}
{{- define "drey.mayElect" -}}
{{- $flat := (include "drey.configuration" . | fromJson).flat -}}
{{- if or (not .Values.defaultConfiguration.create) (eq (get $flat "kubernetes.operator.leader-election.enabled" | lower) "true") }}true{{ end -}}
{{- end }}

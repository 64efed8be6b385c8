{{/* Name of the Deployment and of the app.kubernetes.io/name label. */}}
{{- define "drey.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "drey.fullname" -}}
{{- default (include "drey.name" .) .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "drey.selectorLabels" -}}
app.kubernetes.io/name: {{ include "drey.name" . }}
{{- end -}}

{{- define "drey.labels" -}}
{{ include "drey.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "drey.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}
{{- end -}}

{{/* Where job service accounts and their roles belong, as a JSON list. */}}
{{- define "drey.jobNamespaces" -}}
{{- default (list .Release.Namespace) .Values.watchNamespaces | toJson -}}
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

{{/* A tree of settings, one a line, keys joined with dots. Arguments: prefix, tree. */}}
{{- define "drey.flat" -}}
{{- $prefix := .prefix -}}
{{- range $key, $value := .tree }}
{{- if kindIs "map" $value }}
{{ include "drey.flat" (dict "prefix" (printf "%s%s." $prefix $key) "tree" $value) }}
{{- else }}
{{ printf "%s%s: %s" $prefix $key (toJson $value) }}
{{- end }}
{{- end }}
{{- end -}}

{{/* What the chart's values say, and with append its defaults; each unless the text sets the same key. Arguments: root, text. */}}
{{- define "drey.builtInSettings" -}}
{{- $root := .root -}}
{{- $text := .text -}}
{{- $settings := dict -}}
{{- if $root.Values.defaultConfiguration.append }}{{ $settings = $root.Files.Get "conf/defaults.yaml" | fromYaml }}{{ end -}}
{{- $_ := set $settings "kubernetes.operator.health.probe.enabled" true -}}
{{- $_ := set $settings "kubernetes.operator.health.probe.port" (toString $root.Values.operatorHealth.port) -}}
{{- with $root.Values.watchNamespaces }}
{{- $_ := set $settings "kubernetes.operator.watched.namespaces" (join "," .) -}}
{{- end -}}
{{- with $root.Values.plugins.volumes }}
{{- $folders := list -}}
{{- range $name := keys . | sortAlpha }}{{ $folders = append $folders (printf "/opt/drey/plugins.d-%s" $name) }}{{ end -}}
{{- $_ := set $settings "drey.plugins.directories" (join "," $folders) -}}
{{- end -}}
{{- with $root.Values.plugins.required }}
{{- $_ := set $settings "drey.plugins.required" (join "," .) -}}
{{- end -}}
{{- with $root.Values.plugins.integrity }}
{{- if has .mode (list "warn" "enforce") }}{{ $_ := set $settings "drey.plugins.integrity" .mode }}{{ end -}}
{{- with .allowedSha256 }}{{ $_ := set $settings "drey.plugins.allowed-sha256" (join "," . | quote) }}{{ end -}}
{{- with .publicKeys }}
{{- $keys := list -}}
{{- range . }}{{ $keys = append $keys (regexReplaceAll "-----[A-Z ]+-----|\\s" . "") }}{{ end -}}
{{- $_ := set $settings "drey.plugins.public-keys" (join "," $keys | quote) -}}
{{- end -}}
{{- end -}}
{{- $given := include "drey.flat" (dict "prefix" "" "tree" (fromYaml $text)) -}}
{{- range $key, $value := $settings }}
{{- $line := printf "(?m)^%s\\s*:" (regexQuoteMeta $key) }}
{{- if not (or (regexMatch $line $given) (regexMatch $line $text)) }}
{{ $key }}: {{ $value }}
{{- end }}
{{- end }}
{{- end -}}

{{/*
What a change of has to restart the operator, of the ConfigMap's data: settings that are read at the start, and its logging. All else
is read again when it changes, unless that is switched off.
*/}}
{{- define "drey.readAtStart" -}}
{{- $yaml := index . "config.yaml" | default "" -}}
{{- $lines := printf "%s\n%s" (include "drey.flat" (dict "prefix" "" "tree" (fromYaml $yaml))) (index . "flink-conf.yaml" | default "") -}}
{{- if regexMatch "(?m)^kubernetes\\.operator\\.dynamic\\.config\\.enabled\\s*:\\s*[\"']?false" $lines -}}
{{- toJson . -}}
{{- else -}}
{{- $settings := list "reconcile\\." "reconciler\\." "retry\\." "flink\\.client\\." "observer\\.flink\\.client\\." "watched\\." "label\\.selector" "health\\." "termination\\." "leader-election\\." "startup\\." "dynamic\\.config\\." -}}
{{- $read := printf "^(kubernetes\\.operator\\.(%s)|drey\\.(admin\\.port|plugins\\.(store|call-deadline)))" (join "|" $settings) -}}
{{- range $line := splitList "\n" $lines | sortAlpha -}}
{{- if regexMatch $read $line }}{{ trim $line }}
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

{{- /* "true" when the configuration asks for leader election. */}}
{{- define "drey.elects" -}}
{{- $conf := .Values.defaultConfiguration -}}
{{- $text := printf "%s\n%s" (index $conf "config.yaml" | default "") (index $conf "flink-conf.yaml" | default "") -}}
{{- if regexMatch "leader-election\\.enabled[\"']?\\s*:\\s*[\"']?true" $text }}true{{ end -}}
{{- end }}

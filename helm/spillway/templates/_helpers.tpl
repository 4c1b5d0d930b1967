{{/* The chart's name in labels. */}}
{{- define "spillway.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* The name of all objects: the release's, with the chart's unless it is in there already. Room is left for "-ops". */}}
{{- define "spillway.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "spillway.name" . -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What never changes over the life of a release: a Deployment's selector cannot. */}}
{{- define "spillway.selectorLabels" -}}
app.kubernetes.io/name: {{ include "spillway.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: gateway
{{- end -}}

{{- define "spillway.labels" -}}
{{ include "spillway.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "spillway.image" -}}
{{- $repository := required "image.repository is required: this version publishes no image, see the chart's README" .Values.image.repository -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" $repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" $repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}
{{- end -}}

{{/* A duration of the configuration in milliseconds. The schema has checked its form. */}}
{{- define "spillway.millis" -}}
{{- $number := regexFind "^[0-9]+" . | int64 -}}
{{- $unit := regexFind "[a-z]+$" . -}}
{{- mul $number (get (dict "ms" 1 "s" 1000 "m" 60000 "h" 3600000 "d" 86400000) $unit) -}}
{{- end -}}

{{/*
The time from SIGTERM to SIGKILL: the four steps of draining one after another, and 17 s for what has no step of its own
(flushing appends, giving partitions back, a slow exit of the JVM). With the defaults that is 60 s.
*/}}
{{- define "spillway.graceSeconds" -}}
{{- $millis := 17000 -}}
{{- range tuple "endpoints" "requests" "work" "sends" -}}
{{- $millis = add $millis (include "spillway.millis" (get $.Values.config.drain .) | int64) -}}
{{- end -}}
{{- div (add $millis 999) 1000 -}}
{{- end -}}

{{/* The processors that the JVM counts on: the request for CPU, rounded up. Empty if none is made. */}}
{{- define "spillway.processors" -}}
{{- with ((.Values.resources).requests).cpu -}}
{{- $cpu := toString . -}}
{{- if hasSuffix "m" $cpu -}}
{{- max 1 (div (add (trimSuffix "m" $cpu | int64) 999) 1000) -}}
{{- else -}}
{{- max 1 (ceil (float64 $cpu) | int64) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Where the key of a Secret is mounted, given a reference to it. */}}
{{- define "spillway.secretFile" -}}
/etc/spillway/secrets/{{ .name }}/{{ .key }}
{{- end -}}

{{/*
All references to Secrets, as a JSON list of {name, key}: what is mounted and what the configuration names come from the
same place.
*/}}
{{- define "spillway.references" -}}
{{- $references := list -}}
{{- $config := .Values.config -}}
{{- $tls := $config.redis.tls -}}
{{- range tuple $config.redis.password $config.redis.sentinel.password (index $tls "ca-file") (index $tls "certificate-file") (index $tls "key-file") $config.ops.token -}}
{{- if . }}{{ $references = append $references . }}{{ end -}}
{{- end -}}
{{- range $config.apps -}}
{{- $references = append (concat $references .secrets) (index . "verify-token") -}}
{{- end -}}
{{- range $config.pages -}}
{{- $references = append $references .token -}}
{{- end -}}
{{- $references | uniq | toJson -}}
{{- end -}}

{{/* The Secrets behind the references, each once and in order, as a JSON list. */}}
{{- define "spillway.secretNames" -}}
{{- $names := list -}}
{{- range include "spillway.references" . | fromJsonArray }}{{ $names = append $names .name }}{{ end -}}
{{- $names | uniq | sortAlpha | toJson -}}
{{- end -}}

{{- define "spillway.jvmOptions" -}}
{{- $options := .Values.jvmOptions -}}
{{- with include "spillway.processors" . }}{{ $options = append $options (printf "-XX:ActiveProcessorCount=%s" .) }}{{ end -}}
{{- $options | join " " -}}
{{- end -}}

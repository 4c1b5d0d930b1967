{{/*
spillway.yaml: the values' tree, without what is empty, with the ports that the Services lead to, and with a file in the
place of each reference to a Secret.
*/}}
{{- define "spillway.config" -}}
{{- $config := deepCopy .Values.config -}}
{{- $_ := set $config.redis "uri" (required "config.redis.uri is required: where Redis is, as redis://host:6379" $config.redis.uri) -}}
{{- $_ := set $config "http" (dict "port" 8080) -}}
{{- $_ := set $config.ops "port" 8081 -}}
{{- include "spillway.asFile" (tuple $config.redis "password") -}}
{{- include "spillway.asFile" (tuple $config.ops "token") -}}
{{- range $config.apps -}}
{{- include "spillway.asFile" (tuple . "verify-token") -}}
{{- $files := list -}}
{{- range .secrets }}{{ $files = append $files (include "spillway.secretFile" .) }}{{ end -}}
{{- $_ := set . "secrets-files" $files -}}
{{- $_ := unset . "secrets" -}}
{{- end -}}
{{- range $config.pages -}}
{{- include "spillway.asFile" (tuple . "token") -}}
{{- end -}}
{{- if not $config.redis.username }}{{ $_ := unset $config.redis "username" }}{{ end -}}
{{- include "spillway.asFile" (tuple $config.redis.sentinel "password") -}}
{{- if not $config.redis.sentinel.username }}{{ $_ := unset $config.redis.sentinel "username" }}{{ end -}}
{{- range $key, $reference := $config.redis.tls -}}
{{- if $reference }}{{ $_ := set $config.redis.tls $key (include "spillway.secretFile" $reference) }}{{ else }}{{ $_ := unset $config.redis.tls $key }}{{ end -}}
{{- end -}}
{{- range tuple "sentinel" "tls" -}}
{{- if not (get $config.redis .) }}{{ $_ := unset $config.redis . }}{{ end -}}
{{- end -}}
{{- range $key, $value := $config -}}
{{- if and (kindIs "map" $value) (not $value) }}{{ $_ := unset $config $key }}{{ end -}}
{{- end -}}
{{- toYaml (dict "spillway" $config) -}}
{{- end -}}

{{/* Puts `<key>-file` in the place of a reference to a Secret; an empty reference goes. Prints nothing. */}}
{{- define "spillway.asFile" -}}
{{- $section := index . 0 -}}
{{- $key := index . 1 -}}
{{- $reference := get $section $key -}}
{{- $_ := unset $section $key -}}
{{- if $reference -}}
{{- $_ := set $section (printf "%s-file" $key) (include "spillway.secretFile" $reference) -}}
{{- end -}}
{{- end -}}

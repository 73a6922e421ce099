{{/* Which Secrets hold what: yours where one is named, else those that the chart makes. */}}

{{- define "weir.secret.shared" -}}
{{- default (printf "%s-shared" (include "weir.fullname" .)) .Values.sharedSecret.existingSecret.name }}
{{- end }}

{{- define "weir.secret.onboarding" -}}
{{- default (printf "%s-admin" (include "weir.fullname" .)) .Values.onboarding.existingSecret.name }}
{{- end }}

{{- define "weir.secret.postgresql" -}}
{{- default (printf "%s-postgresql" (include "weir.fullname" .)) .Values.postgresql.existingSecret.name }}
{{- end }}

{{- define "weir.secret.minio" -}}
{{- default (printf "%s-minio" (include "weir.fullname" .)) .Values.minio.existingSecret.name }}
{{- end }}

{{/* A Secret that is made once: dict "root" "component" "name" "make" (keys and values). What a former install put under a
key stays, whatever this render made up; it outlives the release, since data cannot be read without it. */}}
{{- define "weir.secret.once" -}}
{{- $name := printf "%s-%s" (include "weir.fullname" .root) .name }}
{{- $found := lookup "v1" "Secret" .root.Release.Namespace $name }}
{{- $kept := default (dict) $found.data }}
apiVersion: v1
kind: Secret
metadata:
  {{- include "weir.metadata" (dict "root" .root "component" .component "name" .name "annotations" (dict "helm.sh/resource-policy" "keep")) | nindent 2 }}
type: Opaque
data:
  {{- range $key, $value := .make }}
  {{ $key }}: {{ if hasKey $kept $key }}{{ get $kept $key | quote }}{{ else }}{{ b64enc $value | quote }}{{ end }}
  {{- end }}
{{- end }}

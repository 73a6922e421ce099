{{/* Certificates: which Secrets hold them, and where processes find them. */}}

{{- define "weir.secret.tls" -}}
{{- default (printf "%s-api-tls" (include "weir.fullname" .)) .Values.tls.existingSecret }}
{{- end }}

{{- define "weir.secret.clusterTLS" -}}
{{- default (printf "%s-cluster-tls" (include "weir.fullname" .)) .Values.clusterTLS.existingSecret }}
{{- end }}

{{/* Whether this component serves the API by HTTPS: dict "root" "component"; empty when not. */}}
{{- define "weir.tls.serves" -}}
{{- if and .root.Values.tls.enabled (has .component (list "gateway" "single")) }}yes{{ end }}
{{- end }}

{{- define "weir.tls.env" -}}
{{- $values := .root.Values }}
{{- if include "weir.tls.serves" (dict "root" .root "component" .role) }}
- {name: WEIR_TLS_CERT, value: /etc/weir/tls/tls.crt}
- {name: WEIR_TLS_KEY, value: /etc/weir/tls/tls.key}
- {name: WEIR_TLS_MIN_VERSION, value: {{ $values.tls.minVersion | quote }}}
- {name: WEIR_TLS_STRICT_CIPHERS, value: {{ $values.tls.strictCiphers | quote }}}
{{- end }}
{{- if ne .role "single" }}
{{- with $values.catalog.tls.mode }}
- {name: WEIR_CATALOG_TLS_MODE, value: {{ . }}}
{{- end }}
{{- if $values.catalog.tls.caSecret.name }}
- {name: WEIR_CATALOG_TLS_CA, value: /etc/weir/catalog-ca/ca.crt}
{{- end }}
{{- if $values.catalog.tls.clientSecret }}
- {name: WEIR_CATALOG_TLS_CERT, value: /etc/weir/catalog-client/tls.crt}
- {name: WEIR_CATALOG_TLS_KEY, value: /etc/weir/catalog-client/tls.key}
{{- end }}
{{- if $values.clusterTLS.enabled }}
- {name: WEIR_CLUSTER_TLS_CERT, value: /etc/weir/cluster-tls/tls.crt}
- {name: WEIR_CLUSTER_TLS_KEY, value: /etc/weir/cluster-tls/tls.key}
- {name: WEIR_CLUSTER_TLS_CA, value: /etc/weir/cluster-tls/ca.crt}
- {name: WEIR_CLUSTER_TLS_NAME, value: {{ $values.clusterTLS.name | quote }}}
{{- end }}
{{- end }}
{{- end }}

{{/* Whole folders, not single files: only those follow a renewed Secret. dict "root" "component". */}}
{{- define "weir.tls.mounts" -}}
{{- $values := .root.Values }}
{{- if include "weir.tls.serves" . }}
- {name: tls, mountPath: /etc/weir/tls, readOnly: true}
{{- end }}
{{- if ne .component "single" }}
{{- if $values.catalog.tls.caSecret.name }}
- {name: catalog-ca, mountPath: /etc/weir/catalog-ca, readOnly: true}
{{- end }}
{{- if $values.catalog.tls.clientSecret }}
- {name: catalog-client, mountPath: /etc/weir/catalog-client, readOnly: true}
{{- end }}
{{- if $values.clusterTLS.enabled }}
- {name: cluster-tls, mountPath: /etc/weir/cluster-tls, readOnly: true}
{{- end }}
{{- end }}
{{- end }}

{{- define "weir.tls.volumes" -}}
{{- $values := .root.Values }}
{{- if include "weir.tls.serves" . }}
- {name: tls, secret: {secretName: {{ include "weir.secret.tls" .root }}, defaultMode: 0440}}
{{- end }}
{{- if ne .component "single" }}
{{- with $values.catalog.tls.caSecret }}
{{- if .name }}
- {name: catalog-ca, secret: {secretName: {{ .name }}, defaultMode: 0440, items: [{key: {{ .key }}, path: ca.crt}]}}
{{- end }}
{{- end }}
{{- with $values.catalog.tls.clientSecret }}
- {name: catalog-client, secret: {secretName: {{ . }}, defaultMode: 0440}}
{{- end }}
{{- if $values.clusterTLS.enabled }}
- {name: cluster-tls, secret: {secretName: {{ include "weir.secret.clusterTLS" .root }}, defaultMode: 0440}}
{{- end }}
{{- end }}
{{- end }}

{{/* The probes of a component's port http: dict "root" "component" "start" (seconds it may take to listen). /ping says
that the process lives, /ready that it has what it needs. */}}
{{- define "weir.probes" -}}
{{- $scheme := ternary ", scheme: HTTPS" "" (eq (include "weir.tls.serves" .) "yes") }}
startupProbe: {httpGet: {path: /ping, port: http{{ $scheme }}}, periodSeconds: 1, failureThreshold: {{ .start }}}
livenessProbe: {httpGet: {path: /ping, port: http{{ $scheme }}}, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6}
readinessProbe: {httpGet: {path: /ready, port: http{{ $scheme }}}, periodSeconds: 3, timeoutSeconds: 3, failureThreshold: 2}
{{- end }}

{{/* For curl in jobs: whom to trust. */}}
{{- define "weir.curl.env" -}}
{{- if and .Values.tls.enabled .Values.tls.caKey }}
- {name: CURL_CA_BUNDLE, value: /etc/weir/ca/ca.crt}
{{- end }}
{{- end }}

{{- define "weir.curl.mounts" -}}
{{- if and .Values.tls.enabled .Values.tls.caKey }}
- {name: ca, mountPath: /etc/weir/ca, readOnly: true}
{{- end }}
{{- end }}

{{- define "weir.curl.volumes" -}}
{{- if and .Values.tls.enabled .Values.tls.caKey }}
- {name: ca, secret: {secretName: {{ include "weir.secret.tls" . }}, defaultMode: 0440, items: [{key: {{ .Values.tls.caKey }}, path: ca.crt}]}}
{{- end }}
{{- end }}

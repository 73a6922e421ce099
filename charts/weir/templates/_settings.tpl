{{/* What a process of the server is told, as variables. dict "root" "role". */}}

{{- define "weir.env" -}}
{{- $root := .root }}
{{- $values := .root.Values }}
{{- $cluster := ne .role "single" }}
{{- $peers := ternary "https" "http" .root.Values.clusterTLS.enabled }}
- {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
- {name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
- {name: WEIR_NODE_NAME, value: $(POD_NAME)}
- {name: WEIR_HTTP_BIND_ADDRESS, value: ":8086"}
- {name: WEIR_DATA_DIR, value: /var/lib/weir}
{{- if $cluster }}
- {name: WEIR_GRPC_BIND_ADDRESS, value: ":8087"}
{{- if eq .role "ingester" }}
{{- /* A name that outlives the pod's address. */}}
- name: WEIR_ADVERTISE_ADDRESS
  value: {{ $peers }}://$(POD_NAME).{{ include "weir.fullname" $root }}-ingester.{{ $root.Release.Namespace }}.svc.{{ $values.clusterDomain }}:8087
{{- else }}
- {name: WEIR_ADVERTISE_ADDRESS, value: "{{ $peers }}://$(POD_IP):8087"}
{{- end }}
- name: WEIR_CLUSTER_SECRET
  valueFrom: {secretKeyRef: {name: {{ include "weir.secret.shared" $root }}, key: {{ $values.sharedSecret.existingSecret.clusterSecretKey }}}}
{{- include "weir.env.catalog" $root }}
{{- end }}
- {name: WEIR_SECRET_KEY_FILE, value: /etc/weir/keys/encryption-keys}
{{- include "weir.tls.env" . }}
{{- include "weir.env.objects" . }}
{{- $config := $values.config }}
{{- range $name, $value := omit $config "replication" }}
{{- if not (kindIs "invalid" $value) }}
{{- /* Large numbers come as floats. */}}
- {name: WEIR_{{ snakecase $name | upper }}, value: {{ if kindIs "float64" $value }}{{ int64 $value | toString | quote }}{{ else }}{{ toString $value | quote }}{{ end }}}
{{- end }}
{{- end }}
{{- if $cluster }}
- {name: WEIR_REPLICATION, value: {{ $config.replication | toString | quote }}}
{{- end }}
{{- end }}

{{- define "weir.env.catalog" -}}
{{- $catalog := .Values.catalog }}
{{- if .Values.postgresql.enabled }}
- name: CATALOG_PASSWORD
  valueFrom: {secretKeyRef: {name: {{ include "weir.secret.postgresql" . }}, key: {{ .Values.postgresql.existingSecret.passwordKey }}}}
- {name: WEIR_CATALOG, value: "postgres://weir:$(CATALOG_PASSWORD)@{{ include "weir.fullname" . }}-postgresql:5432/weir"}
{{- else if $catalog.urlSecret.name }}
- name: WEIR_CATALOG
  valueFrom: {secretKeyRef: {name: {{ $catalog.urlSecret.name }}, key: {{ $catalog.urlSecret.key }}}}
{{- else }}
{{- $host := required "catalog: name urlSecret, or host and passwordSecret, or enable postgresql (or use mode: single)" $catalog.host }}
{{- $secret := required "catalog.passwordSecret.name is needed beside catalog.host" $catalog.passwordSecret.name }}
- name: CATALOG_PASSWORD
  valueFrom: {secretKeyRef: {name: {{ $secret }}, key: {{ $catalog.passwordSecret.key }}}}
- {name: WEIR_CATALOG, value: "postgres://{{ $catalog.user }}:$(CATALOG_PASSWORD)@{{ $host }}:{{ $catalog.port }}/{{ $catalog.database }}"}
{{- end }}
{{- end }}

{{- define "weir.env.objects" -}}
{{- $root := .root }}
{{- $store := .root.Values.objectStore }}
{{- $minio := .root.Values.minio }}
{{- if $minio.enabled }}
- {name: WEIR_OBJECT_STORE, value: s3}
- {name: WEIR_S3_BUCKET, value: {{ $minio.bucket | quote }}}
- {name: WEIR_S3_ENDPOINT, value: "http://{{ include "weir.fullname" $root }}-minio:9000"}
- {name: AWS_REGION, value: us-east-1}
{{- include "weir.env.keys" (dict "name" (include "weir.secret.minio" $root) "keys" $minio.existingSecret) }}
{{- else if $store.bucket }}
- {name: WEIR_OBJECT_STORE, value: s3}
- {name: WEIR_S3_BUCKET, value: {{ $store.bucket | quote }}}
{{- with $store.endpoint }}
- {name: WEIR_S3_ENDPOINT, value: {{ . | quote }}}
{{- end }}
- {name: AWS_REGION, value: {{ $store.region | quote }}}
{{- with $store.existingSecret.name }}
{{- include "weir.env.keys" (dict "name" . "keys" $store.existingSecret) }}
{{- end }}
{{- else if eq .role "single" }}
- {name: WEIR_OBJECT_STORE, value: file}
{{- else }}
{{- fail "objectStore.bucket is needed, or minio.enabled (or use mode: single)" }}
{{- end }}
{{- end }}

{{- define "weir.env.keys" }}
- name: AWS_ACCESS_KEY_ID
  valueFrom: {secretKeyRef: {name: {{ .name }}, key: {{ .keys.accessKeyIdKey }}}}
- name: AWS_SECRET_ACCESS_KEY
  valueFrom: {secretKeyRef: {name: {{ .name }}, key: {{ .keys.secretAccessKeyKey }}}}
{{- end }}

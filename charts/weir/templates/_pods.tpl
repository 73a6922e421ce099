{{/* What pods share. Each takes dict "root" "component" "values" (those of the component). */}}

{{- define "weir.pod.metadata" -}}
labels:
  {{- include "weir.labels.pod" . | nindent 2 }}
  {{- with .values.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
annotations:
  kubectl.kubernetes.io/default-container: {{ .component }}
  {{- with .values.podAnnotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{/* Where pods may run. */}}
{{- define "weir.pod.placement" -}}
{{- $selector := include "weir.selector" . }}
{{- if .values.affinity }}
affinity:
  {{- toYaml .values.affinity | nindent 2 }}
{{- else if eq (default "none" .values.antiAffinity) "hard" }}
affinity:
  podAntiAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
    - topologyKey: kubernetes.io/hostname
      labelSelector:
        matchLabels:
          {{- $selector | nindent 10 }}
{{- else if eq (default "none" .values.antiAffinity) "soft" }}
affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
    - weight: 100
      podAffinityTerm:
        topologyKey: kubernetes.io/hostname
        labelSelector:
          matchLabels:
            {{- $selector | nindent 12 }}
{{- end }}
{{- if hasKey .values "topologySpreadConstraints" }}
topologySpreadConstraints:
{{- if kindIs "invalid" .values.topologySpreadConstraints }}
- maxSkew: 1
  topologyKey: topology.kubernetes.io/zone
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels:
      {{- $selector | nindent 6 }}
{{- else }}
  {{- toYaml .values.topologySpreadConstraints | nindent 0 }}
{{- end }}
{{- end }}
{{- with .values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
- name: {{ . }}
  {{- end }}
{{- end }}
securityContext:
  {{- toYaml .root.Values.podSecurityContext | nindent 2 }}
{{- end }}

{{/* The server's container up to its probes: also "args". */}}
{{- define "weir.container" -}}
image: {{ include "weir.image" (dict "root" .root "image" .root.Values.image) }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
{{- with .args }}
args: {{ toJson . }}
{{- end }}
env:
{{ include "weir.env" (dict "root" .root "role" .component) | trim }}
{{- with .values.extraEnv }}
{{ toYaml . }}
{{- end }}
ports:
- {name: http, containerPort: 8086}
{{- if ne .component "single" }}
{{- if ne .component "gateway" }}
- {name: grpc, containerPort: 8087}
{{- end }}
{{- end }}
resources:
  {{- toYaml .values.resources | nindent 2 }}
securityContext:
  {{- toYaml .root.Values.securityContext | nindent 2 }}
volumeMounts:
- {name: data, mountPath: /var/lib/weir}
- {name: tmp, mountPath: /tmp}
- {name: keys, mountPath: /etc/weir/keys, readOnly: true}
{{- include "weir.tls.mounts" . }}
{{- end }}

{{/* All volumes but "data". */}}
{{- define "weir.volumes" -}}
- name: tmp
  emptyDir: {}
- name: keys
  secret:
    secretName: {{ include "weir.secret.shared" .root }}
    defaultMode: 0440
    items:
    - {key: {{ .root.Values.sharedSecret.existingSecret.encryptionKeysKey }}, path: encryption-keys}
{{- include "weir.tls.volumes" . }}
{{- end }}

{{/* The volume of a StatefulSet's pod: dict "root" "component" "persistence". No labels that change with versions: claims
cannot change. */}}
{{- define "weir.claim" -}}
- apiVersion: v1
  kind: PersistentVolumeClaim
  metadata:
    name: data
    labels:
      {{- include "weir.selector" . | nindent 6 }}
    {{- with .persistence.annotations }}
    annotations:
      {{- toYaml . | nindent 6 }}
    {{- end }}
  spec:
    accessModes: [ReadWriteOnce]
    {{- with .persistence.storageClass }}
    storageClassName: {{ . | quote }}
    {{- end }}
    resources: {requests: {storage: {{ .persistence.size }}}}
{{- end }}

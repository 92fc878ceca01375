package main

// What is shipped for Kubernetes is held against these types, strictly: fields
// and their kinds as k8s.io/api has them (batch/v1 and core/v1 of 1.34, read
// 2026-11-30), as far as they are used. The module itself is too much to
// compile for two files.
type (
	kubeMeta struct {
		Name, Namespace     string
		Labels, Annotations map[string]string
	}
	kubeHead struct {
		APIVersion string `yaml:"apiVersion"`
		Kind       string
		Metadata   kubeMeta
	}
	kubeConfigMap struct {
		kubeHead `yaml:",inline"`
		Data     map[string]string
	}
	kubeCronJob struct {
		kubeHead `yaml:",inline"`
		Spec     struct {
			Schedule                   string
			ConcurrencyPolicy          string `yaml:"concurrencyPolicy"`
			StartingDeadlineSeconds    int64  `yaml:"startingDeadlineSeconds"`
			SuccessfulJobsHistoryLimit int32  `yaml:"successfulJobsHistoryLimit"`
			FailedJobsHistoryLimit     int32  `yaml:"failedJobsHistoryLimit"`
			JobTemplate                struct {
				Spec kubeJobSpec
			} `yaml:"jobTemplate"`
		}
	}
	kubeJob struct {
		kubeHead `yaml:",inline"`
		Spec     kubeJobSpec
	}
	kubeJobSpec struct {
		CompletionMode           string `yaml:"completionMode"`
		Completions, Parallelism int32
		BackoffLimit             *int32 `yaml:"backoffLimit"`
		BackoffLimitPerIndex     *int32 `yaml:"backoffLimitPerIndex"`
		MaxFailedIndexes         *int32 `yaml:"maxFailedIndexes"`
		ActiveDeadlineSeconds    int64  `yaml:"activeDeadlineSeconds"`
		PodFailurePolicy         struct {
			Rules []struct {
				Action      string
				OnExitCodes *struct {
					ContainerName string `yaml:"containerName"`
					Operator      string
					Values        []int32
				} `yaml:"onExitCodes"`
				OnPodConditions []struct{ Type, Status string } `yaml:"onPodConditions"`
			}
		} `yaml:"podFailurePolicy"`
		Template struct{ Spec kubePod }
	}
	kubePod struct {
		RestartPolicy                string `yaml:"restartPolicy"`
		AutomountServiceAccountToken *bool  `yaml:"automountServiceAccountToken"`
		EnableServiceLinks           *bool  `yaml:"enableServiceLinks"`
		SecurityContext              struct {
			RunAsNonRoot   bool  `yaml:"runAsNonRoot"`
			RunAsUser      int64 `yaml:"runAsUser"`
			RunAsGroup     int64 `yaml:"runAsGroup"`
			FSGroup        int64 `yaml:"fsGroup"`
			SeccompProfile struct {
				Type string
			} `yaml:"seccompProfile"`
		} `yaml:"securityContext"`
		Containers []kubeContainer
		Volumes    []struct {
			Name      string
			ConfigMap *struct{ Name string } `yaml:"configMap"`
			Claim     *struct {
				ClaimName string `yaml:"claimName"`
			} `yaml:"persistentVolumeClaim"`
		}
	}
	kubeContainer struct {
		Name, Image string
		Args        []string
		Env         []struct {
			Name      string
			ValueFrom struct {
				FieldRef struct {
					FieldPath string `yaml:"fieldPath"`
				} `yaml:"fieldRef"`
			} `yaml:"valueFrom"`
		}
		Resources       struct{ Requests, Limits map[string]string }
		SecurityContext struct {
			AllowPrivilegeEscalation *bool `yaml:"allowPrivilegeEscalation"`
			ReadOnlyRootFilesystem   bool  `yaml:"readOnlyRootFilesystem"`
			Capabilities             struct{ Drop []string }
		} `yaml:"securityContext"`
		VolumeMounts []struct {
			Name      string
			MountPath string `yaml:"mountPath"`
			ReadOnly  bool   `yaml:"readOnly"`
		} `yaml:"volumeMounts"`
	}
)

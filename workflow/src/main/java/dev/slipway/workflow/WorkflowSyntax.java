package dev.slipway.workflow;

/**
 * The syntax of workflow files and action manifests as tables; {@link Schema} explains their
 * notation. Only facts here: what they mean for reading lies in the readers.
 */
final class WorkflowSyntax {
  private WorkflowSyntax() {}

  /**
   * Contexts and functions by the name that types give with {@code @}; {@code (...)} says that a
   * status function takes the ids of jobs.
   */
  static final String CONTEXTS =
      """
      workflow github inputs vars
      workflow-secrets github inputs vars secrets
      needs github inputs vars needs
      strategy github inputs vars needs strategy matrix
      strategy-secrets github inputs vars needs strategy matrix secrets
      strategy-env github inputs vars needs strategy matrix env
      credentials github inputs vars needs strategy matrix secrets env
      runner github inputs vars needs strategy matrix secrets steps job runner env
      runner-open github inputs vars needs strategy matrix steps job runner env
      steps github inputs vars needs strategy matrix secrets steps job runner env hashFiles()
      jobs github inputs vars jobs
      job-if github inputs vars needs always() cancelled() success(...) failure(...)
      step-if github inputs vars needs strategy matrix steps job runner env always() cancelled() success() failure() hashFiles()
      snapshot-if github inputs vars needs strategy matrix steps job runner env always() cancelled() success() failure() hashFiles()
      action-steps github inputs strategy matrix steps job runner env hashFiles()
      action-if github inputs strategy matrix steps job runner env always() cancelled() success() failure() hashFiles()
      action-outputs github inputs strategy matrix steps job runner env
      action-default github strategy matrix job runner hashFiles()
      action-docker inputs
      action-phase-if github inputs strategy matrix job runner env always() cancelled() success() failure() hashFiles()
      """;

  /**
   * Events: name, the filters it takes, and its activity types, those that hold by default marked
   * {@code *}.
   */
  static final String EVENTS =
      """
      branch_protection_rule - created* edited* deleted*
      check_run - completed* created* rerequested* requested_action*
      check_suite - completed*
      create
      delete
      deployment
      deployment_status
      discussion - created* edited* deleted* transferred* pinned* unpinned* labeled* unlabeled* locked* unlocked* category_changed* answered* unanswered*
      discussion_comment - created* edited* deleted*
      fork
      gollum
      image_version names,versions created* ready* deleted*
      issue_comment - created* edited* deleted*
      issues - opened* edited* deleted* transferred* pinned* unpinned* closed* reopened* assigned* unassigned* labeled* unlabeled* locked* unlocked* milestoned* demilestoned* field_added* field_removed* typed* untyped*
      label - created* edited* deleted*
      merge_group branches checks_requested*
      milestone - created* closed* opened* edited* deleted*
      page_build
      project - created* closed* reopened* edited* deleted*
      project_card - created* moved* converted* edited* deleted*
      project_column - created* updated* moved* deleted*
      public
      pull_request branches,paths assigned unassigned labeled unlabeled opened* edited closed reopened* synchronize* converted_to_draft locked unlocked enqueued dequeued milestoned demilestoned ready_for_review review_requested review_request_removed auto_merge_enabled auto_merge_disabled stacked
      pull_request_comment - created* edited* deleted*
      pull_request_review - submitted* edited* dismissed*
      pull_request_review_comment - created* edited* deleted*
      pull_request_target branches,paths assigned unassigned labeled unlabeled opened* edited closed reopened* synchronize* converted_to_draft locked unlocked enqueued dequeued milestoned demilestoned ready_for_review review_requested review_request_removed auto_merge_enabled auto_merge_disabled stacked
      push branches,tags,paths
      registry_package - published* updated*
      release - published* unpublished* created* edited* deleted* prereleased* released*
      repository_dispatch types
      schedule =schedules
      status
      watch - started*
      workflow_call =null|called
      workflow_dispatch =null|dispatch
      workflow_run branches,workflows requested* completed* in_progress*
      """;

  /** Types of workflow files; the first is the root. */
  static final String WORKFLOW =
      """
      workflow
        name: string -- what people see instead of the file's path
        description: string -- what the workflow is for
        run-name: string @workflow -- what people see for one run
        on!: any -- the events that start the workflow
        permissions: permissions -- what the token of each job may do
        env: environment @workflow-secrets -- environment variables of all jobs
        defaults: workflow-defaults -- shell and directory of all run steps
        concurrency: string|concurrency @workflow -- runs of one group do not overlap
        cache-mode: cache-mode @workflow -- what the jobs may do with the cache
        jobs!: jobs -- what runs, by id
      jobs
        *: job|call
      job
        name: string @strategy -- what people see instead of the id
        needs: text|texts -- ids of jobs that must end before this one starts
        if: condition @job-if -- the job runs only when this is true
        runs-on!: text|texts|runs-on @strategy -- labels of the machine that runs the job
        strategy: strategy @needs -- runs the job once for each combination of a matrix
        permissions: permissions -- what the token of the job may do
        environment: string|deployment-environment @strategy -- the environment that the job deploys to
        concurrency: text|concurrency @strategy -- jobs of one group do not overlap
        cache-mode: cache-mode @strategy -- what the job may do with the cache
        outputs: outputs -- values for jobs that need this one
        env: environment @strategy-secrets -- environment variables of all steps
        defaults: job-defaults -- shell and directory of the job's run steps
        steps: steps -- what the job does, in order
        timeout-minutes: number @strategy -- the job is cancelled after so many minutes (360)
        cancel-timeout-minutes: number @strategy -- how long a cancelled job may take to end (5)
        continue-on-error: boolean @strategy -- the run goes on when the job fails
        container: string|container @strategy -- the container that the steps run in
        services: services @strategy -- containers that run beside the job
        snapshot: text|snapshot @strategy -- makes an image of the machine after the job
      call
        name: string @strategy -- what people see instead of the id
        needs: text|texts -- ids of jobs that must end before this one starts
        if: condition @job-if -- the job runs only when this is true
        uses!: text -- the reusable workflow: ./.github/workflows/FILE or OWNER/REPO/.github/workflows/FILE@REF
        with: call-inputs -- inputs of the workflow
        secrets: inherit|call-secrets -- secrets that the workflow gets
        permissions: permissions -- what the tokens of the workflow's jobs may do
        concurrency: text|concurrency @strategy -- jobs of one group do not overlap
        cache-mode: cache-mode @strategy -- what the workflow's jobs may do with the cache at most
        strategy: strategy @needs -- calls the workflow once for each combination of a matrix
      inherit = 'inherit'
      cache-mode = 'read'|'write'|'write-only'|'none'
      call-inputs
        *: scalar @strategy
      call-secrets
        *: scalar @strategy-secrets
      texts = [text]
      environment
        *: string
      outputs
        *: string @runner
      workflow-defaults
        run: workflow-run-defaults -- for run steps
      workflow-run-defaults
        shell: text -- the shell
        working-directory: text -- the directory, from the workspace
      job-defaults
        run: job-run-defaults @strategy-env -- for run steps
      job-run-defaults
        shell: text -- the shell
        working-directory: text -- the directory, from the workspace
      concurrency
        group!: text -- the name of the group
        cancel-in-progress: boolean -- a newer member cancels the running one
        queue: 'single'|'max' -- how many members may wait
      permissions = 'read-all'|'write-all'|permission-scopes
      permission-scopes
        actions: access -- workflows, runs and artifacts
        artifact-metadata: access -- records about artifacts
        attestations: access -- attestations of artifacts
        checks: access -- check runs and suites
        code-quality: access -- findings about code quality
        contents: access -- commits, branches, releases
        copilot-requests: write-access -- requests to Copilot
        deployments: access -- deployments
        discussions: access -- discussions
        drives: access -- drives
        id-token: write-access -- OpenID Connect tokens
        issues: access -- issues
        models: read-access -- AI models
        packages: access -- packages
        pages: access -- Pages sites
        pull-requests: access -- pull requests
        repository-projects: access -- classic projects
        security-events: access -- code scanning alerts
        statuses: access -- commit statuses
        vulnerability-alerts: read-access -- Dependabot alerts
      access = 'read'|'write'|'none'
      write-access = 'write'|'none'
      read-access = 'read'|'none'
      runs-on
        group: text -- the runner group
        labels: text|texts -- labels of the machine
      strategy
        fail-fast: boolean -- the first failure cancels the other jobs of the matrix (true)
        max-parallel: number -- how many jobs of the matrix run at the same time
        matrix: matrix -- values of the variables, by name
      matrix
        include: matrix-items -- more combinations, or more variables for some
        exclude: matrix-items -- combinations to leave out
        *: anys
      matrix-items = [matrix-item]
      matrix-item
        *: any
      anys = [any]
      deployment-environment
        name!: string -- the name of the environment
        url: string @runner-open -- where the deployment can be seen
        deployment: boolean -- whether a deployment is recorded (true)
      container
        image: string -- the image
        credentials: credentials @credentials -- how to log in to the registry
        env: container-environment -- environment variables of the container
        ports: texts -- ports to open on the host
        volumes: texts -- volumes to mount
        options: string -- more options of docker create
      container-environment
        *: string @runner
      credentials
        username: text -- the user
        password: text -- the password or token
      services
        *: string|service
      service
        image: string -- the image
        credentials: credentials @credentials -- how to log in to the registry
        env: container-environment -- environment variables of the container
        ports: texts -- ports to open on the host
        volumes: texts -- volumes to mount
        options: string -- more options of docker create
        entrypoint: string -- replaces the image's entry point
        command: string -- replaces the image's command
      snapshot
        image-name!: text -- the name of the image
        version: text -- the major version, as in 1.*
        if: condition @snapshot-if -- the image is made only when this is true
      steps = [step]
      step = run-step|uses-step|wait-step|wait-all-step|cancel-step|parallel-step
      run-step
        name: string @steps -- what people see
        id: text -- the name of the step in the steps context
        if: condition @step-if -- the step runs only when this is true
        run!: string @steps -- the script
        shell: text -- the shell
        working-directory: string @steps -- the directory, from the workspace
        env: environment @steps -- environment variables of the step
        continue-on-error: boolean @steps -- the job goes on when the step fails
        timeout-minutes: number @steps -- the step is ended after so many minutes
        background: boolean -- the job goes on while the step runs
      uses-step
        name: string @steps -- what people see
        id: text -- the name of the step in the steps context
        if: condition @step-if -- the step runs only when this is true
        uses!: text -- the action: OWNER/REPO[/PATH]@REF, ./PATH, $/PATH or docker://IMAGE
        with: environment @steps -- inputs of the action
        env: environment @steps -- environment variables of the step
        continue-on-error: boolean @steps -- the job goes on when the step fails
        timeout-minutes: number @steps -- the step is ended after so many minutes
        background: boolean -- the job goes on while the step runs
      wait-step
        name: string @steps -- what people see
        id: text -- the name of the step
        continue-on-error: boolean @steps -- the job goes on when the step fails
        wait!: text|texts -- ids of background steps to wait for
      wait-all-step
        name: string @steps -- what people see
        id: text -- the name of the step
        continue-on-error: boolean @steps -- the job goes on when the step fails
        wait-all!: null|boolean -- waits for all background steps so far
      cancel-step
        name: string @steps -- what people see
        id: text -- the name of the step
        continue-on-error: boolean @steps -- the job goes on when the step fails
        cancel!: text -- the id of a background step to cancel
      parallel-step
        parallel!: steps -- steps that run at the same time
      dispatch
        inputs: dispatch-inputs -- values that the person who starts the workflow gives
      dispatch-inputs
        *: null|dispatch-input
      dispatch-input
        description: string -- what people see
        required: boolean -- whether it must be given
        default: scalar -- the value when it is not given
        type: 'string'|'boolean'|'number'|'choice'|'environment' -- the type of the value
        options: strings -- the choices
      strings = [string]
      called
        inputs: called-inputs -- values that the caller gives
        secrets: called-secrets -- secrets that the caller gives
        outputs: called-outputs -- values that the caller gets
      called-inputs
        *: called-input
      called-input
        description: string -- what people see
        required: boolean -- whether the caller must give it
        default: scalar @workflow -- the value when it is not given
        type!: 'string'|'boolean'|'number' -- the type of the value
      called-secrets
        *: null|called-secret
      called-secret
        description: string -- what people see
        required: boolean -- whether the caller must give it
      called-outputs
        *: called-output
      called-output
        description: string -- what people see
        value!: string @jobs -- the value
      schedules = [schedule]
      schedule
        cron!: text -- minute, hour, day of month, month, day of week
        timezone: text -- an IANA time zone (UTC)
      """;

  /** Types of action manifests; the first is the root. */
  static final String ACTION =
      """
      action
        name: string -- what people see
        author: string -- who wrote it
        description: string -- what it does
        inputs: inputs -- values that a step gives with 'with'
        outputs: outputs -- values that later steps can use
        runs!: container-runs|composite-runs|node-runs|plugin-runs -- how it runs
        branding: any -- icon and colour
        *: any
      inputs
        *: null|input
      input
        description: string -- what people see
        required: any -- whether it must be given; not enforced
        default: string @action-default -- the value when it is not given
        deprecationMessage: string -- shown when the input is used
        *: any
      outputs
        *: null|output
      output
        description: string -- what people see
        value: string @action-outputs -- the value, in composite actions
      container-runs
        using!: 'docker' -- docker
        image!: text -- Dockerfile, or docker://IMAGE
        entrypoint: text -- replaces the image's entry point
        args: action-args @action-docker -- arguments of the entry point
        env: environment @action-docker -- environment variables
        pre-entrypoint: text -- runs before the job's steps
        pre-if: condition @action-phase-if -- whether it runs
        post-entrypoint: text -- runs after the job's steps
        post-if: condition @action-phase-if -- whether it runs
      action-args = [string]
      node-runs
        using!: text -- node12 to node24
        main!: text -- the script
        pre: text -- runs before the job's steps
        pre-if: condition @action-phase-if -- whether it runs
        post: text -- runs after the job's steps
        post-if: condition @action-phase-if -- whether it runs
      composite-runs
        using!: 'composite' -- composite
        steps!: steps -- what the action does, in order
      plugin-runs
        plugin!: text -- the name of the plugin
      environment
        *: string
      steps = [step]
      step = run-step|uses-step
      run-step
        name: string @action-steps -- what people see
        id: text -- the name of the step in the steps context
        if: condition @action-if -- the step runs only when this is true
        run!: string @action-steps -- the script
        shell!: string @action-steps -- the shell
        working-directory: string @action-steps -- the directory, from the workspace
        env: environment @action-steps -- environment variables of the step
        continue-on-error: boolean @action-steps -- the action goes on when the step fails
      uses-step
        name: string @action-steps -- what people see
        id: text -- the name of the step in the steps context
        if: condition @action-if -- the step runs only when this is true
        uses!: text -- the action: OWNER/REPO[/PATH]@REF, ./PATH, $/PATH or docker://IMAGE
        with: environment @action-steps -- inputs of the action
        env: environment @action-steps -- environment variables of the step
        continue-on-error: boolean @action-steps -- the action goes on when the step fails
      """;
}
